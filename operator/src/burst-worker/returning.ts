import { parseDuration } from '@cortex/crds';
import { bearsCordon, cordonedAt } from '../drain/cordon.ts';
import { ownEnding } from './ending.ts';
import { jobOf } from './marks.ts';
import { answers } from './node-state.ts';
import { isRegistered, type Seen } from './seen.ts';

/** What a worker must still have ahead of it, beside a drain, to be worth giving back (contract C2). */
const WORTH_MS = 5 * 60_000;

/**
 * Whether a worker whose claimant is gone goes back to its pool instead of retiring (contract C2): its claim says so, it
 * has time left, and its Node is whole and could be emptied in the time of a drain.
 */
export function mayReturn(seen: Seen, now: Date): boolean {
  const { worker, pool, node } = seen;
  if (worker.spec.claimRef?.reclaimPolicy !== 'ReturnToPool' || !isRegistered(seen)) return false;
  if (pool === undefined || pool.metadata.deletionTimestamp !== undefined) return false;
  if (node === undefined || !answers(node) || seen.conflict !== undefined) return false;
  const timeout = parseDuration(pool.spec.drain.timeout);
  const end = ownEnding(seen)?.expiresAt ?? 0;
  return end - now.getTime() >= timeout + WORTH_MS && now.getTime() < startOf(seen, now) + timeout;
}

/** The cordon is the start: it is on the Node, and survives every crash. */
const startOf = ({ node }: Seen, now: Date): number => (node && cordonedAt(node)?.getTime()) ?? now.getTime();

/** A worker whose claimant is gone, on its way back to its pool. */
export const isReturning = (seen: Seen, now: Date): boolean =>
  (seen.claimant.state === 'Gone' || seen.claimant.state === 'Releasing') &&
  !seen.worker.spec.deletionProtection &&
  mayReturn(seen, now);

/** Its Node is empty, marked as free and open again: all that is left is the claim itself. */
export const isFreed = ({ node, nodeDrain }: Seen): boolean =>
  node !== undefined && jobOf(node) === '' && (nodeDrain !== undefined || !bearsCordon(node));
