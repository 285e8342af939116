import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { explained } from '../testing/complaints.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool } from '../testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ now: at('10:30:00') }));
afterEach(() => void vi.useRealTimers());

const small = { size: 'small', ttl: '8h', queueTimeout: '8h' };

/** A full pool, and its job. */
async function full(): Promise<Simulation> {
  const simulation = new Simulation();
  simulation.apply(pool('burst', { limits: { workers: 2 }, provider: { type: 'Kwok', kwok: { bootDelay: '1s' } } }));
  simulation.apply(allocation('holder', { count: 2, ...small }));
  await simulation.until(() => simulation.allocation('holder')?.status?.phase === 'Active', 'Active');
  return simulation;
}

/** What kubectl cortex explain answers a second after. */
async function aSecondAfter(simulation: Simulation, name: string): Promise<string> {
  await simulation.pass(1_000);
  const { allocations, workers, pools } = simulation;
  const subject = simulation.allocation(name);
  return subject === undefined ? '' : explained(subject, { allocations, workers, pools });
}

test.for([
  ['that waits for workers', { count: 2 }, /2 workers held by Allocation team.holder until/],
  ['that no pool can hold', { count: 3 }, /the pool.s owner must raise spec.limits/],
  ['without its server', { count: 1, mcpServers: ['ghost'] }, /McpServer ghost/],
  ['without its pool', { count: 1, pool: 'none' }, /WorkerPool none/],
  ['of a size that the pool lacks', { count: 1, size: 'huge' }, /huge/],
  ['that takes over from nobody', { count: 1, takesOver: 'nobody' }, /WorkerPool burst/],
] as const)('C9: within a second a job %s is told what it waits for', async ([, spec, names]) => {
  const simulation = await full();
  simulation.apply(allocation('job', { ...small, ...spec }));

  expect(await aSecondAfter(simulation, 'job')).toMatch(names);
});

test('C9: within a second a job that loses a worker is told which', async () => {
  const simulation = await full();
  const lost = simulation.workers[0]?.metadata.name ?? '';
  simulation.deleteWorker(lost);

  expect(await aSecondAfter(simulation, 'holder')).toContain(lost);
});

test('C9: within a second a job that gives way is told for whom', async () => {
  const simulation = new Simulation();
  const provider = { type: 'Kwok', kwok: { bootDelay: '1s' } };
  const preemption = { policy: 'LowerPriority', minRuntime: '1s' };
  simulation.apply(pool('burst', { limits: { workers: 2 }, preemption, provider }));
  simulation.apply(allocation('holder', { count: 2, ...small }));
  await simulation.until(() => simulation.allocation('holder')?.status?.phase === 'Active', 'Active');
  await simulation.pass(5_000);
  simulation.apply(allocation('urgent', { count: 1, priority: 'Critical', ...small }));

  expect(await aSecondAfter(simulation, 'holder')).toContain('Allocation team/urgent');
});
