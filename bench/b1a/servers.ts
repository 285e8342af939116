import { API_VERSION, type McpServer, McpServers } from '@cortex/crds';
import type { Cluster } from '@cortex/e2e/system/cluster';
import type { Draft } from '@cortex/operator/kube/object';

/** Jobs share servers: this many serve all. */
export const SERVERS = 10;

export const serverName = (i: number): string => `server-${i % SERVERS}`;

/** McpServers that say they run. */
export async function runServers({ client }: Cluster): Promise<void> {
  for (let i = 0; i < SERVERS; i++) {
    const made = await client.create(McpServers, server(serverName(i)));
    await client.updateStatus(McpServers, {
      ...made,
      status: { phase: 'Running', endpoints: [`http://${serverName(i)}`] },
    });
  }
}

const server = (name: string) =>
  ({
    apiVersion: API_VERSION,
    kind: 'McpServer',
    metadata: { name, namespace: 'default' },
    spec: { workloadRef: { kind: 'Deployment', name } },
  }) as Draft<McpServer>;
