import { McpServerScales } from '@cortex/crds';
import { expect, test, vi } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { Deployments } from '../kube/apps.ts';
import { wish, workload } from '../testing/servers.ts';
import { isWrite, later } from '../testing/simulation/line-to.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { at } from '../testing/world.ts';

const MINUTE_MS = 60_000;

/** Sets the replicas of `clock` back to what Git says, three seconds after anybody changed them. */
function heal({ server }: Simulation, replicas: number): void {
  server.watch(Deployments, (_, { spec }) => {
    if ((spec as { replicas?: number }).replicas === replicas) return;
    void later(3_000).then(() => server.patch(Deployments, 'team/clock', { spec: { replicas } }));
  });
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

test('somebody who undoes our replicas every three seconds is named within 30 s, and costs ten writes in ten minutes, four of them to the workload', async () => {
  vi.useFakeTimers({ now: at('10:00:00') });
  try {
    const simulation = new Simulation({ servers: true });
    simulation.server.create(Deployments, workload('clock'));
    await simulation.until(() => simulation.servers[0]?.status?.phase === 'Running', 'Running');
    heal(simulation, 1);
    const writes = (): string[] => simulation.operator.line.calls.filter(isWrite).map(({ resource }) => resource);
    const before = writes().length;

    simulation.server.create(McpServerScales, wish('want', 3));
    const conflict = () => conditionOf(simulation.servers[0]?.status?.conditions, 'ScaleConflict');
    await simulation.until(() => conflict()?.status === 'True', 'ScaleConflict', 30_000);
    expect(conflict()?.message).toMatch(/^An unknown field manager keeps undoing the 3 replicas of Deployment clock\./);
    await simulation.pass(10 * MINUTE_MS);

    expect(counted(writes().slice(before))).toEqual({ deployments: 4, mcpservers: 3, mcpserverscales: 3 });
    expect(simulation.wishes[0]?.status?.phase).toBe('Waiting');
  } finally {
    vi.useRealTimers();
  }
});
