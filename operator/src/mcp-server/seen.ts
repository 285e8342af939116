import type { McpServer, McpServerScale } from '@cortex/crds';
import type { Service, Workload } from '../kube/apps.ts';
import type { Pod } from '../kube/core.ts';
import { type Conflict, conflictOf, type History, isForeign } from './conflict.ts';
import { type Base, type Effective, effective } from './effective.ts';
import { type Idleness, idleness } from './idle.ts';
import type { Verdict } from './verdict.ts';
import { standing, type Standing } from './wishes.ts';
import { replicasOf } from './workload.ts';

/** Everything one look at a server takes in. */
export interface Seen {
  /** Undefined while the workload is not adopted yet. */
  readonly server: McpServer | undefined;
  readonly workload: Workload | undefined;
  /** The workload carries the label of MCP servers. */
  readonly labelled: boolean;
  /** Another McpServer that stands for this workload, and comes first. */
  readonly rival: McpServer | undefined;
  readonly wishes: readonly McpServerScale[];
  readonly service: Service | undefined;
  /** The HorizontalPodAutoscaler that scales the workload. */
  readonly autoscaler: string | undefined;
  readonly pods: readonly Pod[];
  /** Undefined while it is being asked; 'Unasked' where nothing is to be asked. */
  readonly verdict: Verdict | 'Unasked' | undefined;
  readonly history: History;
  /** Kinds that the operator may not read. */
  readonly unreadable: readonly string[];
}

export type SeenServer = Seen & { readonly server: McpServer };

export const isServer = (seen: Seen): seen is SeenServer => seen.server !== undefined;

/** What the server shall have, and what stands in the way. */
export interface Aim {
  readonly standing: Standing;
  readonly idleness: Idleness;
  readonly baseline: number | undefined;
  readonly effective: Effective;
  readonly conflict: Conflict | undefined;
}

/** What the aim depends on. */
export type Grounds = Pick<SeenServer, 'server' | 'workload' | 'wishes' | 'history'>;

/** Undefined while there is no workload: then there is nothing to aim at. */
export function aimOf(seen: Grounds, now: Date): Aim | undefined {
  const { server, workload, wishes, history } = seen;
  if (workload === undefined) return undefined;
  const heard = standing(wishes, now.getTime());
  const idle = idleness(server, wishes, now);
  const baseline = baselineOf(seen, workload, heard);
  const effect = effective(server, heard, baseOf(seen, workload, baseline, idle.asleep));
  const conflict = conflictOf(history, effect.replicas, now.getTime());
  return { standing: heard, idleness: idle, baseline, effective: effect, conflict };
}

/** Where nobody wishes and nobody stated a baseline, whoever sets the replicas sets the baseline: nothing is fought over. */
function baselineOf({ server, history }: Grounds, workload: Workload, heard: Standing): number {
  const nobody = heard.newest === undefined && heard.floors.length === 0;
  const found = server.status?.baseline;
  if (server.spec.replicas.baseline !== undefined) return server.spec.replicas.baseline;
  return found === undefined || (nobody && isForeign(history)) ? replicasOf(workload) : found;
}

function baseOf({ server }: Grounds, workload: Workload, baseline: number, asleep: boolean): Base {
  const stated = server.spec.replicas.baseline !== undefined;
  if (asleep) return { kind: 'McpServer', name: server.metadata.name, wants: server.spec.replicas.min, found: false };
  return stated
    ? { kind: 'McpServer', name: server.metadata.name, wants: baseline, found: false }
    : { kind: workload.kind, name: workload.metadata.name, wants: baseline, found: true };
}

export const isDeleting = ({ metadata }: McpServer): boolean => metadata.deletionTimestamp !== undefined;
