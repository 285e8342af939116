import type { Allocation } from '@cortex/crds';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { overrunsOf } from '../testing/simulation/overruns.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { misfits, sweep } from '../testing/simulation/sweep.ts';
import { allocation, at, pool } from '../testing/world.ts';

const kwok = { type: 'Kwok', kwok: { bootDelay: '1s' } };
const yields = { provider: kwok, preemption: { policy: 'LowerPriority', minRuntime: '10m' } };
const long = { size: 'small', ttl: '20h', maxLifetime: '48h', queueTimeout: '20h' };

const said = (one: Allocation | undefined): string => {
  const { reason, message } =
    conditionOf(one?.status?.conditions, 'Finished') ?? conditionOf(one?.status?.conditions, 'Ready') ?? {};
  return `${reason}: ${message}`;
};
const phase = (simulation: Simulation, name: string): string | undefined => simulation.allocation(name)?.status?.phase;
const isActive = (simulation: Simulation, name: string): boolean => phase(simulation, name) === 'Active';

describe('A8', () => {
  let simulation: Simulation;
  let overruns: readonly string[];
  beforeEach(() => {
    vi.useFakeTimers({ now: at('10:00:00') });
    simulation = new Simulation();
    overruns = overrunsOf(simulation.server);
  });
  afterEach(() => void vi.useRealTimers());

  async function holding(limit: number, ...names: string[]): Promise<void> {
    simulation.apply(pool('burst', { ...yields, limits: { workers: limit } }));
    for (const name of names) simulation.apply(allocation(name, { count: 2, priority: 'Low', ...long }));
    await simulation.until(() => names.every((name) => isActive(simulation, name)), 'the holders Active');
  }

  test('a victim gives way after minRuntime, is Releasing while its workers drain, ends Failed/Preempted, and is not queued again', async () => {
    await holding(2, 'victim');
    simulation.apply(allocation('urgent', { count: 2, priority: 'High', ...long }));
    await simulation.pass(9 * 60_000);
    expect(phase(simulation, 'victim')).toBe('Active');

    await simulation.until(() => phase(simulation, 'victim') === 'Releasing', 'preempted');
    expect(said(simulation.allocation('urgent'))).toMatch(
      /^Preempting: Allocation team\/victim of lower priority must give way/,
    );
    await simulation.until(() => isActive(simulation, 'urgent'), 'the urgent one Active');
    await simulation.pass(3_600_000);

    expect(said(simulation.allocation('victim'))).toBe(
      'Preempted: Allocation team/urgent of priority High took its place',
    );
    expect(phase(simulation, 'victim')).toBe('Failed');
    expect(simulation.workers.map(({ spec }) => spec.claimRef?.name)).toEqual(['urgent', 'urgent']);
    expect(overruns).toEqual([]);
  });

  test('thrash: what a victim frees goes to no smaller request, so nobody is taken down twice for one request', async () => {
    await holding(4, 'one', 'two');
    await simulation.pass(11 * 60_000);
    simulation.apply(allocation('urgent', { count: 4, priority: 'High', ...long }));
    await simulation.until(() => simulation.allocation('urgent')?.status !== undefined, 'it began');
    for (let i = 0; i < 20; i++)
      simulation.apply(allocation(`small-${i}`, { count: 1, priority: 'Critical', ...long }));
    await simulation.until(() => isActive(simulation, 'urgent'), 'the urgent one Active');

    expect(
      simulation.allocations.filter(({ status }) => status?.phase === 'Failed').map(({ metadata }) => metadata.name),
    ).toEqual(['one', 'two']);
  });

  test('thrash: a chain of priorities ends, and each gives way once', async () => {
    await holding(2, 'low');
    for (const [name, priority] of [
      ['normal', 'Normal'],
      ['high', 'High'],
      ['critical', 'Critical'],
    ] as const) {
      await simulation.pass(11 * 60_000);
      simulation.apply(allocation(name, { count: 2, priority, ...long }));
      await simulation.until(() => isActive(simulation, name), `${name} Active`, 1_800_000);
    }
    await simulation.pass(3_600_000);

    expect(simulation.allocations.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
      ['low', 'Failed'],
      ['normal', 'Failed'],
      ['high', 'Failed'],
      ['critical', 'Active'],
    ]);
  });

  test('a request that is withdrawn gives back what was kept for it', async () => {
    await holding(2, 'victim');
    await simulation.pass(11 * 60_000);
    simulation.apply(allocation('urgent', { count: 2, priority: 'High', ...long }));
    await simulation.until(() => phase(simulation, 'victim') === 'Releasing', 'preempted');
    simulation.apply(allocation('next', { count: 1, priority: 'Low', ...long }));
    await simulation.pass(1_000);

    simulation.delete('urgent');
    await simulation.until(() => isActive(simulation, 'next'), 'the next one Active');

    expect(overruns).toEqual([]);
  });

  test('starvation: a large request is served although small ones never cease to come', async () => {
    simulation.apply(
      pool('burst', { provider: kwok, limits: { workers: 4 }, queue: { ordering: 'BestEffort', ageAfter: '10m' } }),
    );
    const come = (i: number) =>
      simulation.apply(allocation(`small-${i}`, { count: 1, size: 'small', ttl: '3m', queueTimeout: '8h' }));
    for (let i = 0; i < 4; i++) come(i);
    simulation.apply(allocation('large', { count: 4, ...long }));
    for (let i = 4; i < 40 && !isActive(simulation, 'large'); i++) {
      come(i);
      await simulation.pass(60_000);
    }

    expect(simulation.allocation('large')?.status?.readyAt).toBeDefined();
    expect(Date.parse(simulation.allocation('large')?.status?.readyAt ?? '')).toBeLessThan(at('10:16:00').getTime());
  });

  test('a request that can never fit blocks nobody and takes nobody down', async () => {
    await holding(4, 'one');
    await simulation.pass(11 * 60_000);
    simulation.apply(allocation('huge', { count: 5, priority: 'Critical', ...long }));
    simulation.apply(allocation('next', { count: 2, priority: 'Low', ...long }));
    await simulation.until(() => isActive(simulation, 'next'), 'the next one Active');

    expect(said(simulation.allocation('huge'))).toMatch(/^ExceedsMaxQuota: /);
    expect(phase(simulation, 'one')).toBe('Active');
  });
});

test('A8: whatever goes wrong once, the same one gives way and the urgent one is served', {
  timeout: 120_000,
}, async () => {
  const runs = await sweep({
    begin: async (simulation) => {
      simulation.apply(pool('burst', { ...yields, limits: { workers: 3 } }));
      simulation.apply(allocation('victim', { count: 2, priority: 'Low', ...long }));
      simulation.apply(allocation('bystander', { count: 1, priority: 'Normal', ...long }));
      await simulation.until(
        () => isActive(simulation, 'victim') && isActive(simulation, 'bystander'),
        'the holders Active',
      );
      await simulation.pass(11 * 60_000);
    },
    goOn: (simulation) => simulation.apply(allocation('urgent', { count: 2, priority: 'High', ...long })),
    isOver: (simulation) => isActive(simulation, 'urgent') && phase(simulation, 'victim') === 'Failed',
    told: (simulation) => simulation.allocations.map(({ metadata, status }) => [metadata.name, status?.phase]),
  });

  expect(runs.calm.told).toEqual([
    ['victim', 'Failed'],
    ['bystander', 'Active'],
    ['urgent', 'Active'],
  ]);
  expect(misfits(runs)).toEqual([]);
});
