import { expect, onTestFinished, test } from 'vitest';
import { openEdge, ownNamespace } from '../testing/edge.ts';
import type { KubeClient } from './client.ts';
import { Leases } from './core.ts';
import { Elector } from './lease.ts';

function stand(
  client: KubeClient,
  namespace: string,
  identity: string,
): { elector: Elector; crash: () => Promise<void> } {
  const times = { durationMs: 2_000, renewDeadlineMs: 1_500, retryMs: 100 };
  const elector = new Elector({ client, namespace, name: 'operator', identity, ...times });
  const stop = new AbortController();
  const ended = elector.run(stop.signal);
  const crash = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  onTestFinished(crash);
  return { elector, crash };
}

test('S10: on the real server a crashed leader is followed, and a released lease is taken', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const first = stand(client, namespace, 'a');
  await first.elector.acquired;
  const second = stand(client, namespace, 'b');
  await first.crash();
  await second.elector.acquired;
  expect(first.elector.leading).toBe(false);

  const third = stand(client, namespace, 'c');
  await second.crash();
  await second.elector.release();
  await third.elector.acquired;
  expect((await client.get(Leases, `${namespace}/operator`)).spec).toMatchObject({
    holderIdentity: 'c',
    leaseTransitions: 2,
    leaseDurationSeconds: 2,
  });
});

test('S10: on the real server a restarted process takes its own lease at once', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const before = stand(client, namespace, 'a');
  await before.elector.acquired;
  await before.crash();
  const after = stand(client, namespace, 'a');
  await after.elector.acquired;

  expect(before.elector.remainingMs()).toBeGreaterThan(0);
  expect(after.elector.epoch).toBe(1);
});

test('S10: of five who stand at once on the real server one leads', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const all = ['a', 'b', 'c', 'd', 'e'].map((identity) => stand(client, namespace, identity).elector);
  await Promise.race(all.map((elector) => elector.acquired));

  expect(all.filter((elector) => elector.leading).length).toBe(1);
});
