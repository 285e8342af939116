import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isTrue } from '../conditions.ts';
import { Nodes, Pods } from '../kube/core.ts';
import { aPod } from '../testing/pods.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { at, pool, worker } from '../testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ now: at('10:00:00') }));
afterEach(() => void vi.useRealTimers());

const NAMES = ['first', 'doubtful', 'last'];

/** Three workers of a pool that drains one Node at a time; of two pods on the first one may not be evicted. */
async function raised(): Promise<Simulation> {
  const simulation = new Simulation();
  simulation.apply(pool('burst', { provider: { type: 'Kwok' }, drain: { maxConcurrent: 1, timeout: '2h' } }));
  for (const name of NAMES) simulation.apply(worker(name));
  const isUp = () => simulation.workers.every(({ status }) => isTrue(status?.conditions, 'Ready'));
  await simulation.until(() => simulation.workers.length === 3 && isUp(), 'three Ready');
  const annotations = { 'cortex.automation/do-not-evict': 'true' };
  simulation.server.create(Pods, aPod({ name: 'db', annotations, spec: { nodeName: 'first' } }));
  simulation.server.create(Pods, aPod({ name: 'web', spec: { nodeName: 'first' } }));
  await simulation.pass(1_000);
  return simulation;
}

test('D2, D18: a worker whose identity came into doubt while it waited keeps nobody behind it waiting', async () => {
  const simulation = await raised();
  simulation.server.patch(Pods, 'team/web', { metadata: { finalizers: ['tests/stuck'] } });
  for (const name of NAMES) {
    simulation.deleteWorker(name);
    await simulation.pass(2_000);
  }
  simulation.server.patch(Nodes, 'doubtful', { metadata: { labels: { 'worker-type': 'permanent' } } });
  await simulation.pass(10_000);

  simulation.server.delete(Pods, 'team/db');
  simulation.server.patch(Pods, 'team/web', { metadata: { finalizers: [] } });
  await simulation.until(() => !simulation.workers.some(({ metadata }) => metadata.name === 'last'), 'the last gone');

  expect(simulation.workers.map(({ metadata }) => metadata.name)).toEqual(['doubtful']);
});
