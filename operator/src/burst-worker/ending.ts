import type { BurstWorker } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Ending, ending, jitter } from '../ttl/expiry.ts';
import type { Seen } from './seen.ts';

/**
 * When a worker ends. Its ttl counts from registration, its ceiling from creation (T1); while it is claimed it lasts
 * as long as the claim needs, up to that ceiling (T2). A free one ends a little early, so that herds part (T6).
 */
export function endingOf(seen: Seen): Ending | undefined {
  const own = ownEnding(seen);
  return own && stretched(own, seen);
}

/**
 * The end that is shown. Until its claimant is Ready nobody knows how long it is needed: it lasts as long as it may, but says
 * its own end, or a claim would cost a write more, and Ready another (quality.md).
 */
export function shownEnding(seen: Seen): Ending | undefined {
  const { claimant } = seen;
  const isSettled = claimant.state !== 'Live' || claimant.allocation.status?.hardStopAt !== undefined;
  return isSettled ? endingOf(seen) : ownEnding(seen);
}

/** When it ends by its own ttl, whoever claims it. */
export function ownEnding(seen: Seen): Ending | undefined {
  const { worker, pool } = seen;
  if (pool === undefined) return asWritten(worker);
  const ttlMs = parseDuration(worker.spec.ttl ?? pool.spec.ttl.default);
  return ending({
    startedAt: registeredAt(seen),
    ttlMs: seen.claimant.state === 'None' ? ttlMs - jitter(worker.metadata.uid, ttlMs) : ttlMs,
    ceilingFrom: Date.parse(worker.metadata.creationTimestamp),
    ceilingMs: parseDuration(pool.spec.ttl.max),
    drainTimeoutMs: parseDuration(pool.spec.drain.timeout),
  });
}

/** Without its pool a worker keeps the end it was given: an end that vanished would undo a drain. */
function asWritten({ status }: BurstWorker): Ending | undefined {
  if (status?.expiresAt === undefined) return undefined;
  const expiresAt = Date.parse(status.expiresAt);
  return { expiresAt, hardStopAt: Date.parse(status.hardStopAt ?? status.expiresAt), because: 'TtlExpired' };
}

function stretched(own: Ending, { worker, pool, claimant }: Seen): Ending {
  if (pool === undefined || claimant.state !== 'Live') return own;
  const needed = claimant.allocation.status?.hardStopAt;
  const ceiling = Date.parse(worker.metadata.creationTimestamp) + parseDuration(pool.spec.ttl.max);
  // A claimant that is not Ready yet has no end to last for: only the ceiling counts.
  const expiresAt = Math.min(ceiling, needed === undefined ? ceiling : Math.max(own.expiresAt, Date.parse(needed)));
  return { ...own, expiresAt, hardStopAt: expiresAt + (own.hardStopAt - own.expiresAt) };
}

function registeredAt({ worker, node }: Seen): number | undefined {
  const written = worker.status?.registeredAt;
  if (written !== undefined) return Date.parse(written);
  return node === undefined ? undefined : Date.parse(node.metadata.creationTimestamp);
}
