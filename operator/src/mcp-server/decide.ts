import type { Pod } from '../kube/core.ts';
import { isAdopted, isInStep, isMadeFor, isTakenOver, unadoptable } from './adoption.ts';
import { desiredOf, isUnsettled } from './phase.ts';
import { type Aim, aimOf, isDeleting, isServer, type Seen, type SeenServer } from './seen.ts';
import { lapsesAt } from './wishes.ts';
import { replicasOf } from './workload.ts';

/** What the controller of McpServers can do. */
export type Action =
  | { readonly kind: 'Adopt' }
  /** It cannot be adopted, and its author should hear why. */
  | { readonly kind: 'Refuse'; readonly why: string }
  /** The McpServer goes, and nothing is scaled. */
  | { readonly kind: 'Abandon' }
  /** A person's from now on. */
  | { readonly kind: 'Disown' }
  | { readonly kind: 'CopyLabels' }
  /** Because it is idle: only if nobody has wished in the meantime. */
  | { readonly kind: 'Scale'; readonly replicas: number; readonly idle: boolean }
  /** A forced stop gives terminating pods no more time. */
  | { readonly kind: 'KillPod'; readonly pod: Pod };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const REST: Decision = { actions: [] };

/** How long a change may be on its way before a status says so, in milliseconds: less than a client waits to hear that its wish is applied. */
export const SETTLING_MS = 4_000;
const UNREADABLE_MS = 30_000;

/** What a server needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  if (seen.unreadable.length > 0) return { actions: [], requeueAfterMs: UNREADABLE_MS };
  if (!isServer(seen)) return { actions: shallAdopt(seen) ? adoption(seen) : [] };
  if (isDeleting(seen.server)) return REST;
  if (isAdopted(seen.server)) {
    if (isTakenOver(seen.server)) return { actions: [{ kind: 'Disown' }] };
    if (shallAbandon(seen)) return { actions: [{ kind: 'Abandon' }] };
  }
  const aim = aimOf(seen, now);
  if (aim === undefined || seen.rival !== undefined) return REST;
  return { actions: [...labels(seen), ...scaling(seen, aim, now)], ...nextMoment(seen, aim, now) };
}

const shallAdopt = ({ workload, labelled, rival }: Seen): boolean =>
  labelled && rival === undefined && workload !== undefined && workload.metadata.deletionTimestamp === undefined;

function adoption({ workload }: Seen): Action[] {
  const why = workload && unadoptable(workload);
  return [why === undefined ? { kind: 'Adopt' } : { kind: 'Refuse', why }];
}

/** Its workload lost the label, made room for another of its name, or has an McpServer that a person wrote. A workload that is gone takes it along by ownerReference. */
const shallAbandon = ({ server, workload, labelled, rival }: SeenServer): boolean =>
  workload !== undefined && (!labelled || rival !== undefined || !isMadeFor(server, workload));

const labels = ({ server, workload }: SeenServer): Action[] =>
  isAdopted(server) && workload !== undefined && !isInStep(server, workload) ? [{ kind: 'CopyLabels' }] : [];

function scaling(seen: SeenServer, aim: Aim, now: Date): Action[] {
  const { server, workload, autoscaler } = seen;
  const { effective, idleness, conflict, standing } = aim;
  if (workload === undefined || workload.metadata.deletionTimestamp !== undefined || autoscaler !== undefined)
    return [];
  if (replicasOf(workload) === effective.replicas)
    return standing.newest?.spec.force === true && effective.replicas === 0 ? killing(seen) : [];
  if (server.status?.baseline === undefined) return []; // what it had is written down before it is changed
  if (conflict !== undefined && now.getTime() < conflict.nextTryAt) return [];
  return [{ kind: 'Scale', replicas: effective.replicas, idle: idleness.asleep }];
}

const killing = ({ pods }: Seen): Action[] =>
  pods
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds !== 0)
    .map((pod) => ({ kind: 'KillPod', pod }));

/** The next moment at which time alone changes something. */
function nextMoment(seen: SeenServer, aim: Aim, now: Date): Pick<Decision, 'requeueAfterMs'> {
  const at = now.getTime();
  const moments = [
    ...seen.wishes.map((wish) => lapsesAt(wish, at)),
    aim.conflict?.nextTryAt,
    aim.idleness.idleAt,
    isUnsettled(seen, desiredOf(seen, aim)) ? at + SETTLING_MS : undefined,
  ].filter((moment) => moment !== undefined && moment > at);
  return moments.length === 0 ? {} : { requeueAfterMs: Math.min(...(moments as number[])) - at };
}
