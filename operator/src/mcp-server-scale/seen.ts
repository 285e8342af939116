import type { McpServer, McpServerScale } from '@cortex/crds';
import type { Workload } from '../kube/apps.ts';
import { remembered } from '../mcp-server/conflict.ts';
import type { Effective } from '../mcp-server/effective.ts';
import { aimOf } from '../mcp-server/seen.ts';
import { replicasOf } from '../mcp-server/workload.ts';
import { same } from '../published.ts';

/** Everything one look at a wish takes in. */
export interface Seen {
  readonly wish: McpServerScale;
  readonly server: McpServer | undefined;
  readonly workload: Workload | undefined;
  /** All wishes about the server, this one included. */
  readonly wishes: readonly McpServerScale[];
}

/** What all wishes come to. Who wrote what before matters only where nobody wishes. */
export function effectiveOf({ server, workload, wishes }: Seen, now: Date): Effective | undefined {
  const history = remembered(undefined, false, now.getTime());
  return server && aimOf({ server, workload, wishes, history }, now)?.effective;
}

/** The workload is set to it, and its server says so and why: whoever reads the wish and then the server reads no older word. */
export function isApplied({ server, workload }: Seen, effective: Effective | undefined): boolean {
  if (workload === undefined || effective === undefined) return false;
  const { replicas, because } = effective;
  return replicasOf(workload) === replicas && same(server?.status?.effective, { replicas, because });
}

/** The server has as many as it is set to, and answers. */
export const isThrough = ({ server }: Seen, effective: Effective | undefined): boolean =>
  server?.status?.desired === effective?.replicas &&
  (server?.status?.phase === 'Running' || server?.status?.phase === 'Stopped');
