import { type BurstWorker, BurstWorkers } from '@cortex/crds';
import { expect, test } from 'vitest';
import { isTrue } from '../conditions.ts';
import { Leases, Pods } from '../kube/core.ts';
import { aPod } from '../testing/pods.ts';
import type { Simulation } from '../testing/simulation/simulation.ts';
import { misfits, type Scenario, sweep } from '../testing/simulation/sweep.ts';
import { workersAndNodes } from '../testing/simulation/told.ts';
import { pool, worker } from '../testing/world.ts';

const SLOW = 240_000;

/** Every call about a worker, its Node and pods, and the provider's own: it keeps its machines as Leases. */
const concerns = ['burstworkers', 'nodes', 'pods', 'leases'];

const kwok = { type: 'Kwok', kwok: { bootDelay: '1s' } };
const machines = ({ server }: Simulation): string[] =>
  server
    .peek(Leases)
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith('kwok-'));

const isReady = ({ status }: BurstWorker): boolean => isTrue(status?.conditions, 'Ready');
const allReady = (simulation: Simulation, count: number): boolean =>
  simulation.workers.length === count && simulation.workers.every(isReady);

/** What can be said of the end: each worker with its Node and whether that is marked, how many machines there are, and what pods. */
const told = (simulation: Simulation) => ({
  ...workersAndNodes(simulation),
  machines: machines(simulation).length,
  pods: simulation.server.peek(Pods).map(({ metadata }) => metadata.name),
});

async function raised(simulation: Simulation, spec: { readonly ttl?: string } = {}): Promise<void> {
  simulation.apply(pool('burst', { provider: kwok }));
  simulation.apply(worker('bw-1', spec));
  await simulation.until(() => allReady(simulation, 1), 'Ready');
  for (const name of ['web', 'db']) simulation.server.create(Pods, aPod({ name, spec: { nodeName: 'bw-1' } }));
  await simulation.pass(20_000);
}

test('S5, D1: whatever goes wrong once on its way up, a worker has one machine and one Node, and is Ready', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    concerns,
    begin: (simulation) => simulation.apply(pool('burst', { provider: kwok })),
    goOn: (simulation) => simulation.apply(worker('bw-1')),
    isOver: (simulation) => allReady(simulation, 1),
    told,
  });

  expect(runs.calm.told).toEqual({
    workers: [['bw-1', 'Ready', 1]],
    nodes: [['bw-1', true, false]],
    machines: 1,
    pods: [],
  });
  expect(runs.others.length).toBeGreaterThan(20);
  expect(misfits(runs)).toEqual([]);
});

const NOTHING = { workers: [], nodes: [], machines: 0, pods: [] };
const down = (more: Pick<Scenario, 'begin' | 'goOn'>): Scenario => ({
  concerns,
  isOver: (simulation) => simulation.workers.length === 0,
  told,
  ...more,
});

test('D1, D3: whatever goes wrong once on its way down, nothing is left of a deleted worker', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep(down({ begin: raised, goOn: (simulation) => simulation.deleteWorker('bw-1') }));

  expect(runs.calm.told).toEqual(NOTHING);
  expect(runs.others.length).toBeGreaterThan(25);
  expect(misfits(runs)).toEqual([]);
});

test('D1, D3: whatever goes wrong once, nothing is left of a worker whose time is over', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep(
    down({
      begin: async (simulation) => {
        await raised(simulation, { ttl: '5m' });
        await simulation.pass(210_000);
      },
      goOn: () => undefined,
    }),
  );

  expect(runs.calm.told).toEqual(NOTHING);
  expect(runs.others.length).toBeGreaterThan(30);
  expect(misfits(runs)).toEqual([]);
});

test('D20, T3: whatever goes wrong once while an end is taken back, the worker stays with its machine and its Node is open', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    concerns,
    begin: async (simulation) => {
      await raised(simulation, { ttl: '5m' });
      await simulation.until(() => simulation.workers[0]?.status?.phase === 'Draining', 'Draining', 400_000);
      await simulation.pass(1_000);
    },
    goOn: (simulation) => simulation.server.patch(BurstWorkers, 'bw-1', { spec: { ttl: '8h' } }),
    isOver: (simulation) => allReady(simulation, 1),
    told,
  });

  expect(runs.calm.told).toMatchObject({
    workers: [['bw-1', 'Ready', 1]],
    nodes: [['bw-1', true, false]],
    machines: 1,
  });
  expect(misfits(runs)).toEqual([]);
});
