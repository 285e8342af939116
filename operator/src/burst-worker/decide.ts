import { VM_FINALIZER } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { bearsCordon } from '../drain/cordon.ts';
import type { PodAction } from '../drain/input.ts';
import { Waiting } from '../runtime/outcome.ts';
import { isMarked } from './marks.ts';
import {
  departureOf,
  endingOf,
  isAdmitted,
  isDeleting,
  isEmptied,
  isFailed,
  isInitialized,
  isLate,
  isRegistered,
  provisioningDeadline,
  type Seen,
} from './seen.ts';

/** What the worker's controller can do. Each is safe to repeat. */
export type Action =
  | { readonly kind: 'AddFinalizer' }
  | { readonly kind: 'EnsureVm' }
  | { readonly kind: 'MarkNode' }
  | { readonly kind: 'SettleVm' }
  | { readonly kind: 'Cordon' }
  | { readonly kind: 'Uncordon' }
  | { readonly kind: 'EmptyNode'; readonly pods: readonly PodAction[] }
  | { readonly kind: 'DeleteWorker' }
  | { readonly kind: 'RemoveVm' }
  | { readonly kind: 'DeleteNode' }
  | { readonly kind: 'RemoveFinalizer' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const LOOK_AGAIN_MS = 5_000;

const rest = (requeueAfterMs?: number): Decision =>
  requeueAfterMs === undefined ? { actions: [] } : { actions: [], requeueAfterMs: Math.max(0, requeueAfterMs) };
const wakes = (requeueAfterMs?: number) => (requeueAfterMs === undefined ? {} : { requeueAfterMs });
const act = (kind: Exclude<Action['kind'], 'EmptyNode'>): Decision => ({ actions: [{ kind }] });

/** What a worker needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  if (seen.trouble !== undefined) return rest(seen.trouble instanceof Waiting ? seen.trouble.delayMs : undefined);
  if (departureOf(seen, now) !== undefined) return retire(seen);
  if (seen.node !== undefined && bearsCordon(seen.node)) return act('Uncordon'); // of an end that was taken back
  if (isFailed(seen) || isLate(seen, now)) return clear(seen);
  if (!isAdmitted(seen) || seen.pool === undefined || seen.checkpoint === undefined) return rest();
  if (seen.node === undefined) return raise(seen, now);
  if (!isMarked(seen.node, seen)) return act('MarkNode');
  if (!isInitialized(seen.node)) return rest(isRegistered(seen) ? undefined : untilDeadline(seen, now));
  return seen.checkpoint.seed === undefined
    ? rest(untilEnd(seen, now))
    : { ...act('SettleVm'), ...wakes(untilEnd(seen, now)) }; // it held the token that its Node joined with
}

/** A VM is ensured until its Node is there; a worker that lost its Node is left as it is, and says so. */
function raise(seen: Seen, now: Date): Decision {
  if (isRegistered(seen) || seen.impostor !== undefined) return rest();
  // What has a machine must not vanish without giving it back, whoever took our finalizer away.
  if (!hasFinalizer(seen)) return act('AddFinalizer');
  return { ...act('EnsureVm'), requeueAfterMs: untilDeadline(seen, now) };
}

/** An attempt that failed leaves nothing behind: first the machine goes, then what Node it had. */
function clear(seen: Seen): Decision {
  if (seen.checkpoint === undefined || isTrue(seen.worker.status?.conditions, 'VmGone')) return rest();
  return destroy(seen) ?? rest();
}

/**
 * The way down, in the order of contract D3: drain start written, cordon, pods, Drained written, DELETE of the worker
 * if nobody asked for it, VM, Node, finalizer. The Node outlives the VM; each step waits until the one before was seen.
 */
function retire(seen: Seen): Decision {
  if (seen.checkpoint === undefined) return isDeleting(seen) ? act('RemoveFinalizer') : act('DeleteWorker');
  if (seen.conflict !== undefined) return rest();
  if (!isEmptied(seen)) return drain(seen);
  if (!isDeleting(seen)) return act('DeleteWorker');
  return destroy(seen) ?? (hasFinalizer(seen) ? act('RemoveFinalizer') : rest());
}

/** VM and seed, then Node; undefined once all are seen gone. Nothing is destroyed whose identity is in doubt (contract D2). */
function destroy(seen: Seen): Decision | undefined {
  if (seen.conflict !== undefined) return rest();
  if (seen.vm === undefined || seen.vm.state === 'unknown') return rest(LOOK_AGAIN_MS);
  if (seen.vm.state !== 'absent' || seen.checkpoint?.seed !== undefined) return act('RemoveVm');
  return seen.node === undefined ? undefined : act('DeleteNode');
}

function drain({ worker, drain: plan, cordoned }: Seen): Decision {
  if (worker.status?.drain === undefined) return rest(); // its start and deadline are written before anything moves
  if (!cordoned) return act('Cordon');
  if (plan === undefined || plan.drained) return rest();
  const wake = plan.requeueAfterMs === undefined ? {} : { requeueAfterMs: Math.max(0, plan.requeueAfterMs) };
  return plan.actions.length === 0
    ? { actions: [], ...wake }
    : { actions: [{ kind: 'EmptyNode', pods: plan.actions }], ...wake };
}

const hasFinalizer = ({ worker }: Seen): boolean => worker.metadata.finalizers?.includes(VM_FINALIZER) ?? false;

const untilDeadline = (seen: Seen, now: Date): number => provisioningDeadline(seen) - now.getTime();

function untilEnd(seen: Seen, now: Date): number | undefined {
  const end = endingOf(seen);
  return end === undefined ? undefined : end.expiresAt - now.getTime();
}
