import { BurstWorkers } from '@cortex/crds';
import { expect, test, vi } from 'vitest';
import { claimOf } from '../allocation/claim.ts';
import { overrunsOf } from '../testing/simulation/overruns.ts';
import { misfits, sweep } from '../testing/simulation/sweep.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool, server } from '../testing/world.ts';

const small = { size: 'small', ttl: '8h', queueTimeout: '8h' };
const kwok = { type: 'Kwok', kwok: { bootDelay: '1s' } };

const phaseOf = (simulation: Simulation, name: string): string | undefined =>
  simulation.allocation(name)?.status?.phase;

/** What everybody can see of an end: who is what, on how many workers and Nodes, and that each worker has exactly one. */
const everything = (simulation: Simulation) => ({
  allocations: simulation.allocations.map(({ metadata, status }) => [
    metadata.name,
    status?.phase,
    status?.workersReady,
  ]),
  workers: simulation.workers.map(({ spec }) => spec.claimRef?.name ?? 'free').toSorted(),
  nodes: simulation.nodes.length,
  reserved: simulation.pools.map(({ status }) => status?.capacity?.reserved?.workers),
});

const SLOW = 120_000;
const NEVER_MS = 86_400_000;

test('A4: whatever goes wrong once, two requests for the last slots give one Active and one that waits', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    begin: (simulation) => simulation.apply(pool('burst', { limits: { workers: 3 }, provider: kwok })),
    goOn: (simulation) => {
      simulation.apply(allocation('first', { count: 2, ...small }));
      simulation.apply(allocation('second', { count: 2, ...small }));
    },
    isOver: (simulation) => phaseOf(simulation, 'first') === 'Active',
    told: everything,
  });

  expect(runs.others.length).toBeGreaterThan(30);
  expect(runs.calm.told).toEqual({
    allocations: [
      ['first', 'Active', '2/2'],
      ['second', 'Pending', '0/2'],
    ],
    workers: ['first', 'first'],
    nodes: 2,
    reserved: [2],
  });
  expect(misfits(runs)).toEqual([]);
});

test('C1: whatever goes wrong once, warm workers are claimed first, the rest is made, and the pool is filled again', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    begin: async (simulation) => {
      simulation.apply(server('github'));
      simulation.apply(pool('burst', { limits: { workers: 5 }, warm: 2, defaultSize: 'small', provider: kwok }));
      await simulation.until(() => simulation.pools[0]?.status?.workers?.warm === 2, 'warm');
      await simulation.pass(30_000);
    },
    goOn: (simulation) => simulation.apply(allocation('job', { count: 3, mcpServers: ['github'], ...small })),
    isOver: (simulation) => phaseOf(simulation, 'job') === 'Active' && simulation.pools[0]?.status?.workers?.warm === 2,
    told: everything,
  });

  expect(runs.calm.told).toMatchObject({ workers: ['free', 'free', 'job', 'job', 'job'], nodes: 5, reserved: [3] });
  expect(misfits(runs)).toEqual([]);
});

test('C1, A4: whatever goes wrong once, a lost worker is replaced within the reservation, and nobody gets its slot meanwhile', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    begin: async (simulation) => {
      simulation.apply(pool('burst', { limits: { workers: 2 }, provider: kwok }));
      simulation.apply(allocation('job', { count: 2, ...small }));
      await simulation.until(() => phaseOf(simulation, 'job') === 'Active', 'Active');
      simulation.apply(allocation('vulture', { count: 1, ...small }));
      await simulation.pass(60_000);
    },
    goOn: (simulation) => simulation.deleteWorker(simulation.workers[0]?.metadata.name ?? ''),
    isOver: (simulation) =>
      simulation.workers.every(({ metadata }) => !metadata.name.endsWith('-0')) &&
      simulation.allocation('job')?.status?.workersReady === '2/2',
    told: everything,
  });

  expect(runs.calm.told).toMatchObject({ workers: ['job', 'job'], nodes: 2, reserved: [2] });
  expect(misfits(runs)).toEqual([]);
});

test('A4: a reservation that reaches the server long after its sender gave up overruns nothing', async () => {
  vi.useFakeTimers({ now: at('10:00:00') });
  const simulation = new Simulation();
  const overruns = overrunsOf(simulation.server);
  simulation.apply(pool('burst', { limits: { workers: 2 }, provider: kwok }));
  simulation.apply(allocation('holder', { count: 2, ...small }));
  await simulation.until(() => phaseOf(simulation, 'holder') === 'Active', 'Active');
  simulation.apply(allocation('first', { count: 2, ...small }));
  await simulation.until(() => phaseOf(simulation, 'first') === 'Pending', 'told to wait');
  let reserving = 0;
  simulation.operator.line.trouble = {
    before: ({ verb, resource, name }) => {
      if (verb !== 'update' || resource !== 'allocations' || name !== 'first' || reserving++ > 0) return undefined;
      simulation.apply(allocation('urgent', { count: 2, priority: 'Critical', ...small }));
      return 400;
    },
  };

  simulation.delete('holder');
  await simulation.until(() => reserving > 0, 'the reservation that nobody hears of');
  await simulation.pass(60_000);

  expect(overruns).toEqual([]);
  expect(simulation.allocations.filter(({ status }) => status?.phase === 'Active')).toHaveLength(1);
  vi.useRealTimers();
});

test('A4: a claim that reaches the server long after its sender gave up takes no worker that was promised meanwhile', async () => {
  vi.useFakeTimers({ now: at('10:00:00') });
  const simulation = new Simulation();
  simulation.apply(pool('burst', { limits: { workers: 3 }, warm: 1, defaultSize: 'small', provider: kwok }));
  await simulation.until(() => simulation.pools[0]?.status?.workers?.warm === 1, 'warm');
  const free = simulation.workers[0]?.metadata.name ?? '';
  let claims = 0;
  simulation.operator.line.trouble = {
    before: ({ verb, name }) => {
      if (verb !== 'patch' || name !== free) return undefined;
      claims++;
      if (claims === 1) simulation.apply(allocation('urgent', { count: 2, priority: 'Critical', ...small }));
      const first = simulation.allocation('first');
      if (claims === 2 && first !== undefined)
        simulation.server.patch(BurstWorkers, free, { spec: { claimRef: claimOf(first) } });
      return claims === 1 ? NEVER_MS : undefined;
    },
  };

  simulation.apply(allocation('first', { count: 1, ...small }));
  await simulation.until(() => claims > 1, 'whoever claims it next');
  await simulation.pass(60_000);

  expect(everything(simulation)).toEqual({
    allocations: [
      ['first', 'Active', '1/1'],
      ['urgent', 'Active', '2/2'],
    ],
    workers: ['first', 'urgent', 'urgent'],
    nodes: 3,
    reserved: [3],
  });
  vi.useRealTimers();
});

test('T3: whatever goes wrong once, an expired Allocation is Released, and the next one has its slots', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    begin: async (simulation) => {
      simulation.apply(pool('burst', { limits: { workers: 2 }, provider: kwok }));
      simulation.apply(allocation('old', { count: 2, size: 'small', ttl: '5m' }));
      await simulation.until(() => phaseOf(simulation, 'old') === 'Active', 'Active');
      simulation.apply(allocation('next', { count: 2, ...small }));
      await simulation.pass(260_000);
    },
    goOn: () => undefined,
    isOver: (simulation) => phaseOf(simulation, 'next') === 'Active',
    told: everything,
  });

  expect(runs.calm.told).toMatchObject({
    allocations: [
      ['old', 'Released', '0/2'],
      ['next', 'Active', '2/2'],
    ],
    nodes: 2,
  });
  expect(misfits(runs)).toEqual([]);
});
