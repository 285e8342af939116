import { type McpServer, McpServers } from '@cortex/crds';
import { applyManifests } from '@cortex/e2e/control-plane';
import { node, workload } from '@cortex/e2e/system/servers';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

/** Jobs share servers: this many serve all. */
export const SERVERS = 10;

export const serverName = (i: number): string => `server-${i % SERVERS}`;

const LONGEST_MS = 120_000;

/** Workloads that the operator adopts, and that KWOK runs. */
export async function runServers({ plane, cluster }: Rig): Promise<void> {
  const servers = await cluster.follow<McpServer>(McpServers);
  const running = new Tally('servers run', servers, (server) => server?.status?.phase === 'Running');
  const names = Array.from({ length: SERVERS }, (_, i) => serverName(i));
  await applyManifests(plane, [node('servers'), ...names.map((name) => workload(name))].join('---'));
  await running.reaches(SERVERS, LONGEST_MS);
}
