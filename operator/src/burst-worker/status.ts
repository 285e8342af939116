import type { BurstWorkerStatus } from '@cortex/crds';
import { departing } from './departing.ts';
import { departureOf } from './departure.ts';
import { isMarked } from './marks.ts';
import { isInitialized } from './node-state.ts';
import { failed, late, raising } from './raising.ts';
import { isReturning } from './returning.ts';
import { isAdmitted, isFailed, isLate, isRegistered, type Seen } from './seen.ts';
import { returning, staying } from './staying.ts';

/** What a worker says of itself, computed whole from what was seen; undefined where it has nothing to say. */
export function report(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const departure = departureOf(seen, now);
  if (departure !== undefined) return departing(seen, departure, failure, now);
  if (isReturning(seen, now)) return returning(seen, failure, now);
  if (isFailed(seen)) return failed(seen, failure, now);
  if (!isAdmitted(seen) || seen.pool === undefined) return undefined;
  if (isStaying(seen)) return staying(seen, failure, now);
  return isLate(seen, now) ? late(seen, failure, now) : raising(seen, failure, now);
}

/** Its Node has joined, is whole and is marked; from then on it can only be Ready or troubled. */
const isStaying = (seen: Seen): boolean =>
  isRegistered(seen) || (seen.node !== undefined && isInitialized(seen.node) && isMarked(seen.node, seen));
