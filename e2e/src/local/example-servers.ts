import { type McpServer, McpServers } from '@cortex/crds';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyManifests, type ControlPlane } from '../control-plane/control-plane.ts';
import { Cluster } from '../system/cluster.ts';
import { Daemon } from '../system/daemon.ts';
import { EXAMPLE_SERVERS_PROCESS, hostAddress } from '../system/example-servers.ts';
import { node } from '../system/servers.ts';
import type { Keeping } from '../system/system.ts';
import { EXAMPLES } from './examples.ts';
import { remember } from './left-running.ts';

/** A Node that is there beforehand, as in any cluster: pods of servers need one, and workers are for jobs. */
const NODE = 'local-node';

/**
 * The servers of examples/servers.yaml as processes of this machine, kept by one that outlives this one. Resolves when the
 * one that shall run answers MCP; false where this machine has no address that an EndpointSlice may carry.
 */
export async function startExampleServers(plane: ControlPlane, keeping: Keeping): Promise<boolean> {
  if (hostAddress() === undefined) return false;
  await applyManifests(plane, `${node(NODE)}---\n${readFileSync(join(EXAMPLES, 'servers.yaml'), 'utf8')}`);
  const keeper = new Daemon({
    ...keeping,
    name: 'example-servers',
    script: EXAMPLE_SERVERS_PROCESS,
    kubeconfig: plane.kubeconfig,
  });
  remember('example-servers', keeper.pid);
  await using cluster = await Cluster.connect(plane.kubeconfig);
  const servers = await cluster.follow<McpServer>(McpServers);
  await servers.until('default/clock', ({ status }) => status?.phase === 'Running' && status.serverInfo !== undefined);
  return true;
}
