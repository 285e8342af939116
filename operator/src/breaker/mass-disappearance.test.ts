import { WorkerPools } from '@cortex/crds';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { Leases, Nodes } from '../kube/core.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool } from '../testing/world.ts';

const MINUTE = 60_000;

let simulation: Simulation;
beforeEach(() => {
  vi.useFakeTimers({ now: at('10:00:00') });
  simulation = new Simulation();
});
afterEach(() => void vi.useRealTimers());

/** A job of so many workers that are up, in a pool of their own. */
async function running(count: number): Promise<void> {
  simulation.apply(pool('burst', { provider: { type: 'Kwok' }, limits: { workers: 40 } }));
  simulation.apply(allocation('job', { count, size: 'small', ttl: '20h', maxLifetime: '48h' }));
  await simulation.until(() => simulation.allocation('job')?.status?.phase === 'Active', 'the job Active');
}

/** Machines that vanish: nobody ended them, and their kubelets fall silent. */
function vanish(names: readonly string[]): void {
  for (const { metadata } of simulation.server.peek(Leases))
    if (names.includes(metadata.annotations?.['cortex.automation/vm-node'] ?? ''))
      simulation.server.delete(Leases, `${metadata.namespace}/${metadata.name}`);
  for (const node of simulation.nodes)
    if (names.includes(node.metadata.name)) {
      const conditions = [{ type: 'Ready', status: 'Unknown' }];
      simulation.server.updateStatus(Nodes, { ...node, status: { ...node.status, conditions } });
    }
}

const names = (): string[] => simulation.workers.map(({ metadata }) => metadata.name).toSorted();
const breaker = (): string => {
  const said = conditionOf(simulation.pools[0]?.status?.conditions, 'BreakerOpen');
  return `${said?.status} ${said?.reason}`;
};

test('S9: ten machines of twelve vanish at once: nobody is given up, also after a restart, and the pool says so', async () => {
  await running(12);
  const before = names();
  vanish(before.slice(0, 10));
  await simulation.pass(5 * MINUTE);
  expect([breaker(), names()]).toEqual(['True TooManyRemovals', before]);

  await simulation.restart();
  await simulation.pass(20 * MINUTE);

  expect([breaker(), names()]).toEqual(['True TooManyRemovals', before]);
  expect(conditionOf(simulation.pools[0]?.status?.conditions, 'BreakerOpen')?.message).toMatch(
    /^more than 3 of 12 in WorkerPool burst would go within 10 minutes, and nobody named them; find out why/,
  );
});

test('S9: once a person allows it they go and are replaced, and the breaker is closed', async () => {
  await running(12);
  const before = names();
  vanish(before.slice(0, 10));
  await simulation.pass(5 * MINUTE);

  const until = new Date(Date.now() + 30 * MINUTE).toISOString();
  const annotations = { 'cortex.automation/allow-removals-until': until };
  simulation.server.patch(WorkerPools, 'burst', { metadata: { annotations } });
  await simulation.until(() => before.slice(0, 10).every((name) => !names().includes(name)), 'the lost to go');
  await simulation.until(() => simulation.allocation('job')?.status?.workersReady === '12/12', 'all replaced');

  expect(breaker()).toBe('False RemovalsAllowed');
  await simulation.pass(31 * MINUTE);
  expect(breaker()).toBe('False FewRemovals');
});

test('S9: an allowance for longer than an hour opens nothing, not even when only half an hour of it is left', async () => {
  await running(12);
  const before = names();
  vanish(before.slice(0, 10));
  const annotations = { 'cortex.automation/allow-removals-until': '2030-01-01T12:30:00Z' };
  simulation.server.patch(WorkerPools, 'burst', { metadata: { annotations } });
  await simulation.pass(125 * MINUTE);

  expect(names()).toEqual(before);
  expect(conditionOf(simulation.pools[0]?.status?.conditions, 'BreakerOpen')?.message).toContain('is not heeded');
});

test('S7: three of twelve that vanish are given up and replaced by themselves', async () => {
  await running(12);
  const lost = names().slice(0, 3);
  vanish(lost);
  await simulation.until(() => lost.every((name) => !names().includes(name)), 'the lost to go');
  await simulation.until(() => simulation.allocation('job')?.status?.workersReady === '12/12', 'all replaced');

  expect(breaker()).toBe('False FewRemovals');
});

test('S9: three that went before a restart count after it: of fifteen within ten minutes two more would be too many', async () => {
  await running(12);
  const lost = names().slice(0, 3);
  vanish(lost);
  await simulation.until(() => lost.every((name) => !names().includes(name)), 'the lost to go');
  await simulation.until(() => simulation.allocation('job')?.status?.workersReady === '12/12', 'all replaced');

  await simulation.restart();
  const before = names();
  vanish(before.slice(0, 2));
  await simulation.pass(5 * MINUTE);

  expect([breaker(), names()]).toEqual(['True TooManyRemovals', before]);
});
