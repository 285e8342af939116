import { expect, test } from 'vitest';
import { kindsOver } from '../follow.ts';
import type { KubeClient } from '../kube/client.ts';
import { Nodes, Pods } from '../kube/core.ts';
import { Waiting } from '../runtime/outcome.ts';
import { aBudget, aPod } from '../testing/pods.ts';
import { MemoryApiServer } from '../testing/simulation/api-server.ts';
import { LineTo } from '../testing/simulation/line-to.ts';
import { aNode, at, cordoned } from '../testing/workers.ts';
import { NodeEmptying } from './emptying.ts';
import { rulesOfPool } from './rules.ts';

test('D5, D8: a pod that the API server alone shows is not evicted from a Node that joined anew under the name', async () => {
  const server = new MemoryApiServer();
  const { client } = new LineTo(server);
  const kinds = kindsOver(client);
  const seen = { ...cordoned(aNode()), kind: 'Node' as const };
  kinds.nodes.store.learn(seen);
  kinds.nodes.store.advance(seen.metadata.resourceVersion);
  for (let i = 0; i < 10; i++) server.create(Nodes, { ...aNode(), metadata: { name: `other-${i}` } });
  server.create(Nodes, { ...aNode(), metadata: { name: 'burst-1' } });
  server.create(Pods, aPod());
  const emptying = new NodeEmptying(kinds, client, () => at('10:05:00'));

  const plan = emptying.plan({ node: seen, rules: rulesOfPool(undefined), deadline: undefined, machine: undefined });
  await expect(plan).rejects.toThrow(Waiting);
});

/** Pods of one app on a Node each, and what is asked of the API server to empty these; nothing is answered until told. */
function emptyingAll(nodes: number, disruptionsAllowed: number) {
  const asked: string[] = [];
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const evict = async ({ name }: { name: string }): Promise<void> => {
    asked.push(name);
    await answered;
  };
  const client = { evict } as unknown as KubeClient;
  const kinds = kindsOver(client);
  kinds.budgets.store.learn(aBudget({ disruptionsAllowed }));
  const emptying = new NodeEmptying(kinds, client, () => at('10:05:00'));
  const evictions = Array.from({ length: nodes }, async (_, i) => {
    const pod = aPod({ name: `web-${i}`, labels: { app: 'web' } });
    kinds.pods.store.learn(pod);
    const ref = { namespace: 'team', name: pod.metadata.name, uid: pod.metadata.uid };
    return await emptying.perform([{ kind: 'Evict', pod: ref }]).catch((error: unknown) => error);
  });
  return { asked, answer, over: Promise.all(evictions), emptying };
}

test('D10: of a hundred Nodes that are emptied at once as many ask a budget as it lets go, and the others wait for it', async () => {
  const { asked, answer, over, emptying } = emptyingAll(100, 2);
  answer();
  const outcomes = await over;

  expect(asked).toEqual(['web-0', 'web-1']);
  expect(outcomes.filter((outcome) => outcome instanceof Waiting)).toHaveLength(98);
  expect(emptying.nodesHeldBy('team/web')).toEqual(new Set(['burst-1']));
});

test('D10: a budget that lets nothing go as far as is known is asked by one', async () => {
  const { asked, answer, over } = emptyingAll(5, 0);
  answer();
  await over;

  expect(asked).toEqual(['web-0']);
});
