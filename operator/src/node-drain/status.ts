import type { NodeDrainStatus } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Claim, isTrue, withConditions } from '../conditions.ts';
import { drainBlock } from '../drain/block.ts';
import { detachClaims, untilDetached } from '../drain/volumes.ts';
import { acts, detachingOf, isBound, isDeleting, isDrained, isOver, type Seen } from './seen.ts';

/** What a NodeDrain says of itself, computed whole from what was seen; undefined where it has nothing to say. */
export function report(seen: Seen, now: Date): NodeDrainStatus | undefined {
  if (isDeleting(seen)) return restoring(seen);
  if (isOver(seen)) return undefined;
  if (seen.node === undefined) return isBound(seen) ? gone(seen, now) : missing(seen, now);
  if (!acts(seen)) return refused(seen, now);
  return draining(seen, seen.node.metadata.uid, now);
}

/** The Node is bound and the deadline counted before anything moves. */
function draining(seen: Seen, nodeUID: string, now: Date): NodeDrainStatus {
  const { drain, plan, cordoned } = seen;
  const isEmpty = cordoned && drain.status?.drain !== undefined && plan?.drained === true;
  // Where it says so already, that was under another cordon, and is taken back first.
  const drained = isDrained(seen) || (isEmpty && !isTrue(drain.status?.conditions, 'Drained'));
  return {
    ...drain.status,
    phase: drained && untilDetached(detachingOf(seen), now) === 0 ? 'Drained' : 'Draining',
    nodeUID,
    drain: isDrained(seen)
      ? (drain.status?.drain ?? {})
      : drainBlock(drain.status?.drain, plan, parseDuration(drain.spec.timeout), now),
    conditions: conditions(
      seen,
      [cordonedClaim(seen), drainedClaim(seen, drained), ...(drained ? detachClaims(detachingOf(seen), now) : [])],
      now,
    ),
  };
}

function cordonedClaim({ drain, cordoned }: Seen): Claim {
  return cordoned
    ? { type: 'Cordoned', status: true, reason: 'Draining', message: `Node ${drain.spec.nodeName} takes no new pods` }
    : { type: 'Cordoned', status: false, reason: 'Draining', message: `Node ${drain.spec.nodeName} is to be cordoned` };
}

function drainedClaim({ drain, plan, frozen }: Seen, drained: boolean): Claim {
  const node = `Node ${drain.spec.nodeName}`;
  if (drained)
    return { type: 'Drained', status: true, reason: 'Drained', message: `No pod that counts is left on ${node}` };
  if (frozen !== undefined) return { type: 'Drained', status: false, reason: 'Frozen', message: frozen };
  return { type: 'Drained', status: false, ...(plan?.blockage ?? LEAVING) };
}

const LEAVING = { reason: 'Draining', message: 'Its pods are leaving' } as const;

/** Another acts for the same Node, or nobody may. */
function refused(seen: Seen, now: Date): NodeDrainStatus {
  const { drain, older } = seen;
  const why: Claim =
    older === undefined
      ? {
          type: 'Drained',
          status: false,
          reason: 'LastControlPlane',
          message: `Node ${drain.spec.nodeName} is the last of the control plane that takes pods; uncordon or add another first`,
        }
      : {
          type: 'Drained',
          status: false,
          reason: 'AlreadyDraining',
          message: `NodeDrain ${older.metadata.name} drains Node ${drain.spec.nodeName}; this one takes over when that one is deleted`,
        };
  return {
    ...drain.status,
    phase: older === undefined ? 'Failed' : 'Pending',
    conditions: conditions(seen, [why], now),
  };
}

function missing(seen: Seen, now: Date): NodeDrainStatus {
  const message = `Node ${seen.drain.spec.nodeName} does not exist; it is drained once it does`;
  const claim: Claim = { type: 'Drained', status: false, reason: 'NodeNotFound', message };
  return { ...seen.drain.status, phase: 'Pending', conditions: conditions(seen, [claim], now) };
}

/** Its Node went, or another took its name: it has ended either way (contract C7). */
function gone(seen: Seen, now: Date): NodeDrainStatus {
  const message = `Node ${seen.drain.spec.nodeName} as it was is gone`;
  return {
    ...seen.drain.status,
    phase: 'Drained',
    conditions: conditions(
      seen,
      [
        { type: 'Cordoned', status: false, reason: 'NodeGone', message },
        { type: 'Drained', status: true, reason: 'NodeGone', message },
      ],
      now,
    ),
  };
}

/** It undoes its part; after that its absence speaks. */
const restoring = ({ drain, node }: Seen): NodeDrainStatus | undefined =>
  node !== undefined && isBound({ drain }) ? { ...drain.status, phase: 'Restoring' } : undefined;

const conditions = ({ drain }: Seen, claims: readonly Claim[], now: Date) =>
  withConditions(drain.status?.conditions, claims, drain.metadata.generation, now);
