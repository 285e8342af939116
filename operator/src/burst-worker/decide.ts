import { VM_FINALIZER } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { bearsCordon } from '../drain/cordon.ts';
import type { PodAction } from '../drain/input.ts';
import { untilDetached } from '../drain/volumes.ts';
import { Waiting } from '../runtime/outcome.ts';
import { departureOf, staleAt } from './departure.ts';
import { detachingOf } from './detaching.ts';
import { endingOf } from './ending.ts';
import { isSilent, untilNextLook } from './health.ts';
import { bearsMark, isMarked, isUnclean } from './marks.ts';
import { isInitialized } from './node-state.ts';
import { isFreed, isReturning } from './returning.ts';
import {
  isAdmitted,
  isDeleting,
  isEmptied,
  isFailed,
  isLate,
  isRegistered,
  ownDrain,
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
  | { readonly kind: 'FreeNode' }
  | { readonly kind: 'ClearClaim' }
  | { readonly kind: 'DeleteWorker' }
  | { readonly kind: 'RemoveVm' }
  | { readonly kind: 'DeleteNode' }
  | { readonly kind: 'RemoveFinalizer' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

/** What takes something from somebody: none of it happens while the operator cannot trust what it sees. */
const DESTRUCTIVE: ReadonlySet<Action['kind']> = new Set([
  'Cordon',
  'EmptyNode',
  'DeleteWorker',
  'RemoveVm',
  'DeleteNode',
]);

const LOOK_AGAIN_MS = 5_000;

const rest = (requeueAfterMs?: number): Decision =>
  requeueAfterMs === undefined ? { actions: [] } : { actions: [], requeueAfterMs: Math.max(0, requeueAfterMs) };
const wakes = (requeueAfterMs?: number) => (requeueAfterMs === undefined ? {} : { requeueAfterMs });
const act = (kind: Exclude<Action['kind'], 'EmptyNode'>): Decision => ({ actions: [{ kind }] });

/** What a worker needs next. */
export function decide(seen: Seen, now: Date): Decision {
  const decision = next(seen, now);
  const destroys = decision.actions.some(({ kind }) => DESTRUCTIVE.has(kind));
  return destroys && mayDestroyNothing(seen) ? rest(LOOK_AGAIN_MS) : decision;
}

const mayDestroyNothing = ({ frozen, silent }: Seen): boolean => frozen !== undefined || silent !== undefined;

/** In the order of its life. */
function next(seen: Seen, now: Date): Decision {
  if (seen.trouble !== undefined) return rest(seen.trouble instanceof Waiting ? seen.trouble.delayMs : undefined);
  if (departureOf(seen, now) !== undefined) return retire(seen, now);
  if (isReturning(seen, now)) return giveBack(seen);
  if (isFailed(seen) || isLate(seen, now)) return clear(seen, now);
  if (isUnclean(seen)) return empty(seen) ?? act('MarkNode');
  if (bearsUnwantedCordon(seen)) return act('Uncordon'); // of an end that was taken back
  if (!isAdmitted(seen) || seen.pool === undefined || seen.checkpoint === undefined) return rest();
  if (seen.node === undefined && !isRegistered(seen)) return raise(seen, now);
  if (isSilent(seen)) return revive(seen, now);
  return stay(seen, now);
}

function stay(seen: Seen, now: Date): Decision {
  if (seen.node === undefined) return rest();
  if (!isMarked(seen.node, seen)) return act('MarkNode');
  if (!isInitialized(seen.node)) return rest(isRegistered(seen) ? undefined : untilDeadline(seen, now));
  return seen.checkpoint?.seed === undefined
    ? rest(untilEnd(seen, now))
    : { ...act('SettleVm'), ...wakes(untilEnd(seen, now)) }; // it held the token that its Node joined with
}

/** A VM is ensured until its Node is there. */
function raise(seen: Seen, now: Date): Decision {
  if (seen.impostor !== undefined) return rest();
  // What has a machine must not vanish without giving it back, whoever took our finalizer away.
  if (!hasFinalizer(seen)) return act('AddFinalizer');
  return { ...act('EnsureVm'), requeueAfterMs: untilDeadline(seen, now) };
}

/** Its Node is gone or does not answer: a machine that is off or lost its Node is started; a missing one is asked for again. */
function revive(seen: Seen, now: Date): Decision {
  const startable = seen.vm?.state === 'stopped' || (seen.nodeDeleted && seen.vm?.state !== 'absent');
  if (startable && seen.vm?.state !== 'unknown' && hasFinalizer(seen)) return act('EnsureVm');
  return rest(untilNextLook(seen, now));
}

/** An attempt that failed leaves nothing behind: first the machine goes, then what Node it had. */
function clear(seen: Seen, now: Date): Decision {
  if (seen.checkpoint === undefined || isTrue(seen.worker.status?.conditions, 'VmGone'))
    return rest(Number.isFinite(staleAt(seen)) ? staleAt(seen) - now.getTime() : undefined);
  return destroy(seen) ?? rest();
}

/** Back to its pool (contract C2): emptied, marked as free and opened in one patch, and only then without its claim. */
function giveBack(seen: Seen): Decision {
  if (isFreed(seen)) return act('ClearClaim');
  return seen.pool?.spec.isolation === 'Shared' ? act('FreeNode') : (empty(seen) ?? act('FreeNode'));
}

/**
 * The way down, in the order of contract D3: drain start written, cordon, pods, Drained written, volumes, DELETE of the
 * worker if nobody asked for it, VM, Node, finalizer. The Node outlives the VM; each step waits until the one before was seen.
 */
function retire(seen: Seen, now: Date): Decision {
  if (seen.checkpoint === undefined) return isDeleting(seen) ? act('RemoveFinalizer') : act('DeleteWorker');
  if (seen.conflict !== undefined) return rest();
  if (!isEmptied(seen)) return drain(seen);
  const volumesMs = untilDetached(detachingOf(seen), now);
  if (volumesMs > 0) return rest(volumesMs);
  if (!isDeleting(seen)) return act('DeleteWorker');
  return destroy(seen) ?? (hasFinalizer(seen) ? act('RemoveFinalizer') : rest());
}

/** Its start and its deadline are written before anything moves, and its end before anything is destroyed. */
function drain(seen: Seen): Decision {
  if (ownDrain(seen.worker) === undefined) return rest(seen.mayDrain ? undefined : LOOK_AGAIN_MS);
  return empty(seen) ?? rest();
}

/** Cordon, then pods as the plan says; undefined once the Node is empty. */
function empty({ cordoned, drain: plan }: Seen): Decision | undefined {
  if (!cordoned) return act('Cordon');
  if (plan === undefined) return rest();
  if (plan.drained) return undefined;
  const wake = plan.requeueAfterMs === undefined ? {} : { requeueAfterMs: Math.max(0, plan.requeueAfterMs) };
  return plan.actions.length === 0
    ? { actions: [], ...wake }
    : { actions: [{ kind: 'EmptyNode', pods: plan.actions }], ...wake };
}

/** VM and seed, then Node; undefined once all are seen gone. Nothing is destroyed whose identity is in doubt (contract D2). */
function destroy(seen: Seen): Decision | undefined {
  if (seen.conflict !== undefined) return rest();
  if (seen.vm === undefined || seen.vm.state === 'unknown') return rest(LOOK_AGAIN_MS);
  if (seen.vm.state !== 'absent' || seen.checkpoint?.seed !== undefined) return act('RemoveVm');
  if (seen.node === undefined) return undefined;
  return bearsMark(seen.node, seen) ? act('DeleteNode') : act('MarkNode'); // the fence lets none go that is not marked (S4)
}

const bearsUnwantedCordon = ({ node, nodeDrain }: Seen): boolean =>
  node !== undefined && nodeDrain === undefined && bearsCordon(node);

const hasFinalizer = ({ worker }: Seen): boolean => worker.metadata.finalizers?.includes(VM_FINALIZER) ?? false;

const untilDeadline = (seen: Seen, now: Date): number => provisioningDeadline(seen) - now.getTime();

function untilEnd(seen: Seen, now: Date): number | undefined {
  const end = endingOf(seen);
  return end === undefined ? undefined : end.expiresAt - now.getTime();
}
