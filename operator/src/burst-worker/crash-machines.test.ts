import { expect, test } from 'vitest';
import { isTrue } from '../conditions.ts';
import type { Simulation } from '../testing/simulation/simulation.ts';
import { misfits, type Scenario, sweep } from '../testing/simulation/sweep.ts';
import { workersAndNodes } from '../testing/simulation/told.ts';
import { pool, worker } from '../testing/world.ts';

const SLOW = 240_000;

/** Every call about a worker and its Node, and each that the provider makes of its hypervisor. */
const scene = { concerns: ['burstworkers', 'nodes', 'machines'], cloud: true };
const burst = pool('burst', { provider: { type: 'Kwok' } });

const isUp = ({ workers }: Simulation): boolean =>
  workers.length === 1 && workers.every(({ status }) => isTrue(status?.conditions, 'Ready'));

/** What can be said of the end: the worker with its Node, and the machines with whose they are. */
const told = (simulation: Simulation) => ({
  ...workersAndNodes(simulation),
  machines: [...(simulation.cloud?.machines.values() ?? [])].map(({ name, power }) => [name, power]),
});

const up: Scenario = {
  ...scene,
  begin: (simulation) => simulation.apply(burst),
  goOn: (simulation) => simulation.apply(worker('bw-1')),
  isOver: isUp,
  told,
};

test('S5, D17: whatever goes wrong once with a hypervisor that makes machines in tasks, a worker has one machine', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep(up);

  expect(runs.calm.told).toEqual({
    workers: [['bw-1', 'Ready', 1]],
    nodes: [['bw-1', true, false]],
    machines: [['bw-1', 'on']],
  });
  expect(runs.others.length).toBeGreaterThan(30);
  expect(misfits(runs)).toEqual([]);
});

test('D3, D17: whatever goes wrong once while a machine is shut down, switched off and destroyed, nothing is left of it', {
  timeout: SLOW,
}, async () => {
  const runs = await sweep({
    ...scene,
    begin: async (simulation) => {
      simulation.apply(burst);
      simulation.apply(worker('bw-1'));
      await simulation.until(() => isUp(simulation), 'Ready');
    },
    goOn: (simulation) => simulation.deleteWorker('bw-1'),
    isOver: ({ workers }) => workers.length === 0,
    told,
  });

  expect(runs.calm.told).toEqual({ workers: [], nodes: [], machines: [] });
  expect(runs.others.length).toBeGreaterThan(40);
  expect(misfits(runs)).toEqual([]);
});
