import { CORDON_FINALIZER } from '@cortex/crds';
import { bearsCordon } from '../drain/cordon.ts';
import type { PodAction } from '../drain/input.ts';
import { untilDetached } from '../drain/volumes.ts';
import {
  acts,
  collectedAt,
  detachingOf,
  isBound,
  isDeleting,
  isDrained,
  isOver,
  isWantedByOthers,
  type Seen,
} from './seen.ts';

/** What is done about a NodeDrain. It never destroys more than pods: every further step needs a BurstWorker (contract D22). */
export type Action =
  | { readonly kind: 'AddFinalizer' }
  | { readonly kind: 'Cordon' }
  | { readonly kind: 'EmptyNode'; readonly pods: readonly PodAction[] }
  | { readonly kind: 'Uncordon' }
  | { readonly kind: 'RemoveFinalizer' }
  | { readonly kind: 'Collect' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const LOOK_AGAIN_MS = 5_000;

const rest = (requeueAfterMs?: number): Decision =>
  requeueAfterMs === undefined ? { actions: [] } : { actions: [], requeueAfterMs: Math.max(0, requeueAfterMs) };
const act = (kind: Exclude<Action['kind'], 'EmptyNode'>): Decision => ({ actions: [{ kind }] });

/** What a NodeDrain needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  if (isDeleting(seen)) return hasFinalizer(seen) ? restore(seen) : rest();
  if (isOver(seen)) return end(seen, now);
  if (seen.node === undefined || !acts(seen)) return rest();
  if (!hasFinalizer(seen)) return act('AddFinalizer'); // before the cordon, so that it can always be taken back
  if (!isBound(seen) || seen.drain.status?.drain === undefined) return rest();
  return seen.frozen === undefined ? empty(seen, now) : rest(LOOK_AGAIN_MS);
}

function empty(seen: Seen, now: Date): Decision {
  if (!seen.cordoned) return act('Cordon');
  const { plan } = seen;
  const volumesMs = untilDetached(detachingOf(seen), now);
  if (volumesMs > 0) return rest(volumesMs);
  if (isDrained(seen) || plan === undefined || plan.drained) return rest();
  const wake = plan.requeueAfterMs === undefined ? {} : { requeueAfterMs: Math.max(0, plan.requeueAfterMs) };
  return plan.actions.length === 0
    ? { actions: [], ...wake }
    : { actions: [{ kind: 'EmptyNode', pods: plan.actions }], ...wake };
}

/** Undoes its own part of the Node it was bound to, unless somebody else wants it; then it lets go. */
function restore(seen: Seen): Decision {
  const { node } = seen;
  const undoes = node !== undefined && isBound(seen) && bearsCordon(node) && !isWantedByOthers(seen);
  return undoes ? act('Uncordon') : act('RemoveFinalizer');
}

function end(seen: Seen, now: Date): Decision {
  if (hasFinalizer(seen)) return act('RemoveFinalizer');
  const left = collectedAt(seen) - now.getTime();
  return left > 0 ? rest(left) : act('Collect');
}

const hasFinalizer = ({ drain }: Seen): boolean => drain.metadata.finalizers?.includes(CORDON_FINALIZER) ?? false;
