import { type McpServer, type McpServerScale, McpServerScales } from '@cortex/crds';
import { expect, test } from 'vitest';
import { isTrue } from '../conditions.ts';
import { Deployments } from '../kube/apps.ts';
import { wish, workload } from '../testing/servers.ts';
import { misfits, type Scenario, sweep } from '../testing/simulation/sweep.ts';
import type { Simulation } from '../testing/simulation/simulation.ts';
import { allocation } from '../testing/world.ts';

const SLOW = 120_000;

/** Every call about a workload, its server, and the wishes about it. */
const concerns = ['deployments', 'mcpservers', 'mcpserverscales'];

const clock = (simulation: Simulation): McpServer['status'] => simulation.servers[0]?.status;
const has = (simulation: Simulation, replicas: number): boolean => {
  const { phase, ready } = clock(simulation) ?? {};
  return phase === (replicas === 0 ? 'Stopped' : 'Running') && ready === replicas;
};
const isPlaced = ({ status }: McpServerScale): boolean =>
  status?.phase === 'Superseded' || isTrue(status?.conditions, 'Ready');
const allPlaced = ({ wishes }: Simulation): boolean => wishes.every(isPlaced);

/** Everything but the moments: what the workload is set to, what its server says and why, and where each wish stands and since which edit. */
const told = (simulation: Simulation) => ({
  deployments: simulation.deployments.map(({ spec }) => spec.replicas),
  servers: simulation.servers.map(({ metadata: { name }, status }) => {
    const { phase, ready, effective, baseline, conditions } = status ?? {};
    return { name, phase, ready, effective, baseline, reasons: reasons(conditions) };
  }),
  wishes: simulation.wishes.map(({ metadata: { name }, status }) => {
    const { phase, replicas, acceptedSequence, conditions } = status ?? {};
    return { name, phase, replicas, acceptedSequence, reasons: reasons(conditions) };
  }),
});

const reasons = (conditions: NonNullable<McpServer['status']>['conditions'] = []): string[] =>
  conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

const whatever = async (scenario: Omit<Scenario, 'servers' | 'concerns' | 'told'>) =>
  await sweep({ servers: true, concerns, told, ...scenario });

/** A server with one replica, as the wish `want` says. */
async function wished(simulation: Simulation): Promise<void> {
  simulation.server.create(Deployments, workload('clock'));
  simulation.server.create(McpServerScales, wish('want', 1));
  await simulation.until(() => has(simulation, 1) && allPlaced(simulation), 'the wish to be Ready');
  await simulation.pass(10_000);
}

test('whatever goes wrong once, a workload is adopted once, what it had is written down, and a wish is applied', {
  timeout: SLOW,
}, async () => {
  const runs = await whatever({
    begin: () => undefined,
    goOn: (simulation) => {
      simulation.server.create(Deployments, workload('clock'));
      simulation.server.create(McpServerScales, wish('want', 3));
    },
    isOver: (simulation) => has(simulation, 3) && allPlaced(simulation),
  });

  expect(runs.calm.told).toMatchObject({
    deployments: [3],
    servers: [{ name: 'clock', phase: 'Running', ready: 3, effective: { because: [{ name: 'want' }] }, baseline: 1 }],
    wishes: [{ name: 'want', phase: 'Effective', replicas: 3 }],
  });
  expect(runs.others.length).toBeGreaterThan(10);
  expect(misfits(runs)).toEqual([]);
});

test('whatever goes wrong once, an edited wish is applied, and its place among wishes is that of the edit', {
  timeout: SLOW,
}, async () => {
  const runs = await whatever({
    begin: wished,
    goOn: ({ server }) => void server.patch(McpServerScales, 'team/want', { spec: { replicas: 3 } }),
    isOver: (simulation) => has(simulation, 3) && allPlaced(simulation),
  });

  expect(runs.calm.told).toMatchObject({ deployments: [3], wishes: [{ phase: 'Effective', replicas: 3 }] });
  expect(runs.others.length).toBeGreaterThan(8);
  expect(misfits(runs)).toEqual([]);
});

test('whatever goes wrong once, the later of two wishes decides, and the earlier says so', {
  timeout: SLOW,
}, async () => {
  const runs = await whatever({
    begin: wished,
    goOn: ({ server }) => {
      server.create(McpServerScales, wish('more', 5));
      server.create(McpServerScales, wish('stop', 0, { policy: 'Override', force: true }));
    },
    isOver: (simulation) => has(simulation, 0) && allPlaced(simulation),
  });

  expect(runs.calm.told).toMatchObject({
    deployments: [0],
    wishes: [
      { name: 'want', phase: 'Superseded' },
      { name: 'more', phase: 'Superseded' },
      { name: 'stop', phase: 'Effective' },
    ],
  });
  expect(misfits(runs)).toEqual([]);
});

async function asleep(simulation: Simulation): Promise<void> {
  simulation.server.create(Deployments, workload('clock', { replicas: 0 }));
  await simulation.until(() => has(simulation, 0), 'the server to be Stopped');
}
const start = (simulation: Simulation): void =>
  simulation.apply(allocation('job', { count: 0, mcpServers: ['clock'] }));
const isActive = (simulation: Simulation): boolean => simulation.allocation('job')?.status?.phase === 'Active';

test('C6: whatever goes wrong once, an Allocation starts the server that it names, and its end stops it', {
  timeout: SLOW,
}, async () => {
  const starts = await whatever({ begin: asleep, goOn: start, isOver: isActive });
  expect(starts.calm.told).toMatchObject({ deployments: [1], servers: [{ phase: 'Running', ready: 1 }] });
  expect(misfits(starts)).toEqual([]);

  const stops = await whatever({
    begin: async (simulation) => {
      await asleep(simulation);
      start(simulation);
      await simulation.until(() => isActive(simulation), 'Active');
      await simulation.pass(10_000);
    },
    goOn: (simulation) => simulation.delete('job'),
    isOver: (simulation) => has(simulation, 0),
  });
  expect(stops.calm.told).toMatchObject({ deployments: [0], servers: [{ phase: 'Stopped', ready: 0 }], wishes: [] });
  expect(misfits(stops)).toEqual([]);
});
