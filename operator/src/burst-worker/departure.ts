import { conditionOf } from '../conditions.ts';
import { endingOf } from './ending.ts';
import { isMachineLost } from './health.ts';
import { mayReturn } from './returning.ts';
import { isDeleting, isFailed, type Seen } from './seen.ts';

/** Why a worker goes, as it is said: what a person did, what time did, and what nobody asked for. */
export const DEPARTURES = {
  Deleted: { reason: 'ReleasedByUser', message: 'It was deleted' },
  Released: { reason: 'Released', message: 'The Allocation that claimed it has ended' },
  Expired: { reason: 'TtlExpired', message: 'Its ttl has ended' },
  PoolDeleted: { reason: 'PoolDeleted', message: 'Its WorkerPool is being deleted' },
  NodeDeleted: {
    reason: 'NodeGone',
    message: 'Its Node was deleted, and onNodeDeleted of its WorkerPool is Terminate',
  },
  MachineLost: { reason: 'MachineLost', message: 'Its machine is gone, and nobody asked for that' },
  Unfit: { reason: 'LimitReached', message: 'It did not fit, and was to fail at once' },
} as const;

export type Departure = keyof typeof DEPARTURES;

/** Why a worker is to go; undefined while it is to stay. */
export function departureOf(seen: Seen, now: Date): Departure | undefined {
  if (isDeleting(seen)) return 'Deleted';
  return seen.worker.spec.deletionProtection ? undefined : dueDeparture(seen, now);
}

/** Why its time is over, whether or not deletionProtection suspends that. */
export function dueDeparture(seen: Seen, now: Date): Exclude<Departure, 'Deleted'> | undefined {
  if (isMachineLost(seen, now)) return 'MachineLost';
  if (seen.nodeDeleted && seen.pool?.spec.onNodeDeleted === 'Terminate') return 'NodeDeleted';
  if (hasLeft(seen) && !mayReturn(seen, now)) return 'Released';
  const end = endingOf(seen);
  if (end !== undefined && now.getTime() >= end.expiresAt) return 'Expired';
  const free = seen.worker.spec.claimRef === undefined;
  if (free && seen.pool?.metadata.deletionTimestamp !== undefined) return 'PoolDeleted';
  return isStale(seen, now) ? 'Unfit' : undefined;
}

/** Its claimant has ended, or is about to. */
const hasLeft = ({ claimant }: Seen): boolean => claimant.state === 'Gone' || claimant.state === 'Releasing';

const KEPT_MS = 3_600_000;

/** One that was to fail at once when it did not fit is kept for an hour, for its maker to see (api.md). */
const isStale = (seen: Seen, now: Date): boolean => isFailed(seen) && now.getTime() >= staleAt(seen);

/** When a worker that did not fit is collected, in milliseconds of the epoch. */
export function staleAt({ worker }: Seen): number {
  const ready = conditionOf(worker.status?.conditions, 'Ready');
  if (ready?.reason !== 'LimitReached') return Number.POSITIVE_INFINITY;
  return Date.parse(ready.lastTransitionTime) + KEPT_MS;
}
