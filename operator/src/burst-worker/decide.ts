import { VM_FINALIZER } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import type { PodAction } from '../drain/plan.ts';
import { isMarked } from './marks.ts';
import {
  departureOf,
  endingOf,
  isAdmitted,
  isDeleting,
  isFailed,
  isInitialized,
  provisioningDeadline,
  type Seen,
} from './seen.ts';

/** What the worker's controller can do. Each is safe to repeat. */
export type Action =
  | { readonly kind: 'EnsureVm' }
  | { readonly kind: 'MarkNode' }
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

const rest = (requeueAfterMs?: number): Decision =>
  requeueAfterMs === undefined ? { actions: [] } : { actions: [], requeueAfterMs: Math.max(0, requeueAfterMs) };
const act = (kind: Exclude<Action['kind'], 'EmptyNode'>): Decision => ({ actions: [{ kind }] });

/** What a worker needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  if (seen.worker.status?.phase !== 'Failed' && isTrue(seen.worker.status?.conditions, 'IdentityConflict'))
    return rest();
  if (departureOf(seen, now) !== undefined) return retire(seen);
  if (seen.worker.status?.drain !== undefined) return act('Uncordon');
  if (isFailed(seen)) return failed(seen);
  if (!isAdmitted(seen) || seen.pool === undefined || seen.checkpoint === undefined) return rest();
  if (seen.node === undefined) return raise(seen, now);
  if (!isMarked(seen.node, seen)) return act('MarkNode');
  if (!isInitialized(seen.node)) return rest(provisioningDeadline(seen) - now.getTime());
  return rest(untilEnd(seen, now));
}

/** A VM is ensured until its Node is there; a worker that lost its Node is left as it is, and says so. */
function raise(seen: Seen, now: Date): Decision {
  if (isTrue(seen.worker.status?.conditions, 'Registered')) return rest();
  if (seen.impostor !== undefined) return rest();
  const left = provisioningDeadline(seen) - now.getTime();
  if (left <= 0) return act('RemoveVm');
  return { ...act('EnsureVm'), requeueAfterMs: left };
}

const failed = (seen: Seen): Decision =>
  seen.checkpoint !== undefined && seen.vm?.state !== 'absent' ? act('RemoveVm') : rest();

/**
 * The way down, in the order of contract D3: drain start written, cordon, pods, Drained written, DELETE of the worker
 * if nobody asked for it, VM, Node, finalizer. The Node outlives the VM; each step waits until the one before was seen.
 */
function retire(seen: Seen): Decision {
  const conditions = seen.worker.status?.conditions;
  if (seen.checkpoint === undefined) return isDeleting(seen) ? act('RemoveFinalizer') : act('DeleteWorker');
  if (!isTrue(conditions, 'Drained') && seen.node !== undefined) return drain(seen);
  if (!isDeleting(seen)) return act('DeleteWorker');
  if (seen.vm === undefined || seen.vm.state === 'unknown') return rest(5_000);
  if (seen.vm.state !== 'absent') return act('RemoveVm');
  if (seen.node !== undefined) return act('DeleteNode');
  return hasFinalizer(seen) ? act('RemoveFinalizer') : rest();
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

function untilEnd(seen: Seen, now: Date): number | undefined {
  const end = endingOf(seen);
  return end === undefined ? undefined : end.expiresAt - now.getTime();
}
