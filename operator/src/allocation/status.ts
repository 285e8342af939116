import type { AllocationStatus } from '@cortex/crds';
import { conditionOf, timestamp, withConditions } from '../conditions.ts';
import { claimsOf } from './claims.ts';
import { failedInTheEnd, finished, handedOver, releasing } from './ended.ts';
import { placementOf } from './placement.ts';
import { rosterOf } from './roster.ts';
import { people } from './rows.ts';
import { endingFrom, hasFailed, hasRun, isLeftTo, jobIdOf, type Seen, stageOf } from './seen.ts';
import { failing } from './verdicts.ts';

/** What an Allocation says of itself, computed whole from what was seen; undefined where somebody else speaks for it. */
export function report(seen: Seen, failure: unknown, now: Date): AllocationStatus | undefined {
  switch (stageOf(seen, now)) {
    case 'Deleting':
    case 'Finished':
    case 'Queued':
      return undefined;
    case 'HandedOver':
      return handedOver(seen, now);
    case 'Ending':
      return ending(seen, now);
    case 'Held':
      return provisioningFailure(seen, now) ?? held(seen, failure, now);
  }
}

function ending(seen: Seen, now: Date): AllocationStatus {
  const empty = seen.claimed.length + left(seen).length === 0;
  if (hasFailed(seen.allocation)) return empty ? failedInTheEnd(seen.allocation, now) : (seen.allocation.status ?? {});
  return empty ? finished(seen, now) : releasing(seen, now);
}

/** Workers of its predecessor that it did not get to claim. */
const left = ({ named, allocation }: Seen) =>
  named.filter((worker) => worker.spec.claimRef !== undefined && isLeftTo(worker, allocation));

/** A job that never ran fails with the first worker that does: it gets all or nothing (contract A3). */
function provisioningFailure({ allocation, claimed }: Seen, now: Date): AllocationStatus | undefined {
  const worker = claimed.find(({ status }) => status?.phase === 'Failed');
  if (worker === undefined || hasRun(allocation)) return undefined;
  const cause = conditionOf(worker.status?.conditions, 'Ready')?.message ?? 'it says no more';
  return failing(
    allocation,
    { reason: 'ProvisioningFailed', message: `BurstWorker ${worker.metadata.name}: ${cause}` },
    now,
  );
}

function held(seen: Seen, failure: unknown, now: Date): AllocationStatus {
  const { allocation } = seen;
  const roster = rosterOf(seen);
  const claims = claimsOf(seen, roster, failure, now);
  const ready = claims.some(({ type, status }) => type === 'Ready' && status === true);
  const readyAt = allocation.status?.readyAt ?? (ready ? timestamp(now) : undefined);
  const before = allocation.status?.conditions?.filter(({ type }) => type !== 'Stalled');
  return {
    ...allocation.status,
    ...people(seen, roster),
    phase: readyAt === undefined ? 'Pending' : 'Active',
    jobId: jobIdOf(allocation),
    admittedAt: allocation.status?.admittedAt ?? timestamp(now),
    ...(readyAt === undefined ? {} : { readyAt, ...endOf(seen, readyAt) }),
    placement: placementOf(seen),
    conditions: withConditions(before, claims, allocation.metadata.generation, now),
  };
}

function endOf({ allocation, pool }: Seen, readyAt: string): Pick<AllocationStatus, 'expiresAt' | 'hardStopAt'> {
  const end = endingFrom(allocation, pool, readyAt);
  return { expiresAt: timestamp(new Date(end.expiresAt)), hardStopAt: timestamp(new Date(end.hardStopAt)) };
}
