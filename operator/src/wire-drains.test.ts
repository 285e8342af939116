import { expect, test } from 'vitest';
import { kindsOver } from './follow.ts';
import type { KubeClient } from './kube/client.ts';
import { aBudget, aPod } from './testing/pods.ts';
import { aNode, aWorker, registered } from './testing/workers.ts';
import { wireDrains } from './wire-drains.ts';

/** A Node that is being emptied, and what its queues were told. */
function draining() {
  const kinds = kindsOver({} as KubeClient);
  const told: string[] = [];
  const to = (queue: string) => (key: string) => void told.push(`${queue} ${key}`);
  const first = { burstWorker: to('first'), nodeDrain: to('first') };
  wireDrains(kinds, { burstWorker: to('worker'), nodeDrain: to('drain'), first }, () => ['burst-1']);
  kinds.workers.store.learn(aWorker({}, registered({ phase: 'Draining' })));
  kinds.nodes.store.learn(aNode());
  told.length = 0;
  return { kinds, told };
}

test('D10: whom a budget holds back goes before all others when it lets a pod go, and in line when it merely changes', () => {
  const { kinds, told } = draining();
  kinds.budgets.store.learn(aBudget({ disruptionsAllowed: 1 }, '1'));
  expect(told).toEqual(['first burst-1']);

  kinds.budgets.store.learn(aBudget({ disruptionsAllowed: 0 }, '2'));
  expect(told).toEqual(['first burst-1', 'worker burst-1']);
});

test('D18: a pod that goes is no reason to go before others', () => {
  const { kinds, told } = draining();
  kinds.pods.store.learn({ ...aPod(), spec: { ...aPod().spec, nodeName: 'burst-1' } });

  expect(told).toEqual(['worker burst-1']);
});
