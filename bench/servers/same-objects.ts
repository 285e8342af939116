import { type McpServer, McpServers } from '@cortex/crds';
import type { Cluster } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';

/** Writes a second of a bare client that creates the same objects under other names and gives them the same status. */
export async function writesOfTheSame({ client }: Cluster, servers: readonly McpServer[]): Promise<number> {
  const made: McpServer[] = [];
  const create = await inFlight(servers.length, IN_FLIGHT, async (i) => {
    made[i] = await client.create<McpServer>(McpServers, copy(servers[i], i));
  });
  const told = made.map((server, i): McpServer => ({ ...server, status: servers[i]?.status ?? {} }));
  const status = await inFlight(servers.length, IN_FLIGHT, async (i) => {
    const server = told[i];
    if (server !== undefined) await client.updateStatus<McpServer>(McpServers, server);
  });
  return (create.n + status.n) / (create.seconds + status.seconds);
}

function copy(server: McpServer | undefined, i: number): Draft<McpServer> {
  if (server === undefined) throw new RangeError(`there is no server ${i}`);
  const { apiVersion, kind, spec, metadata } = server;
  const { labels = {}, annotations = {}, namespace = 'default' } = metadata;
  return { apiVersion, kind, spec, metadata: { name: `copy-${i}`, namespace, labels, annotations } };
}
