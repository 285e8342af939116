import type { Allocation, AllocationStatus } from '@cortex/crds';
import { type Claim, conditionOf, timestamp, withConditions } from '../conditions.ts';
import { endingOf, type Seen, wantedWorkers } from './seen.ts';
import { failed, failing } from './verdicts.ts';

/**
 * Over by time, while its workers drain. Their rows stay as they were, so that a drain in progress costs the Allocation no
 * writes, and so that an extension finds what is still there (contract T3).
 */
export function releasing(seen: Seen, now: Date): AllocationStatus {
  const { because } = endingOf(seen);
  const message = `Its time is over and its workers drain; ${remedy(because)}`;
  return ended(
    seen,
    'Releasing',
    [
      { type: 'Expiring', status: true, reason: because, message },
      { type: 'Ready', status: false, reason: because, message },
    ],
    now,
  );
}

const remedy = (because: 'TtlExpired' | 'MaxLifetimeReached'): string =>
  because === 'TtlExpired'
    ? 'raise spec.ttl to keep what is still there'
    : 'spec.maxLifetime is reached, and no extension passes it';

/** Over by time, and everything is returned. One that was never Ready has failed. */
export function finished(seen: Seen, now: Date): AllocationStatus {
  const { because } = endingOf(seen);
  const message = 'Its time is over and everything it held is returned';
  const phase = seen.allocation.status?.readyAt === undefined ? 'Failed' : 'Released';
  return {
    ...ended(
      seen,
      phase,
      [
        { type: 'Ready', status: false, reason: because, message },
        { type: 'Finished', status: true, reason: because, message },
      ],
      now,
    ),
    finishedAt: timestamp(now),
    workers: [],
    workersReady: `0/${wantedWorkers(seen.allocation)}`,
  };
}

/** It failed before, and now everything is returned: what it said then is its last word. */
export function failedInTheEnd(allocation: Allocation, now: Date): AllocationStatus {
  const said = conditionOf(allocation.status?.conditions, 'Ready');
  return failed(
    allocation,
    { reason: said?.reason ?? 'ProvisioningFailed', message: said?.message ?? 'It says no more' },
    now,
  );
}

/** Another has it all. What that one did not take goes the way of its reclaimPolicy first (contract T4). */
export function handedOver({ allocation, claimed, taker }: Seen, now: Date): AllocationStatus | undefined {
  if (taker?.settled !== true) return undefined;
  const why = { reason: 'HandedOver' as const, message: `Allocation ${taker.name} took over what it held` };
  if (claimed.length > 0) return failing(allocation, why, now);
  return { ...failed(allocation, why, now), phase: 'Released' };
}

function ended(
  seen: Seen,
  phase: 'Releasing' | 'Released' | 'Failed',
  conditions: Claim[],
  now: Date,
): AllocationStatus {
  const { allocation } = seen;
  const end = endingOf(seen);
  return {
    ...allocation.status,
    phase,
    expiresAt: timestamp(new Date(end.expiresAt)),
    hardStopAt: timestamp(new Date(end.hardStopAt)),
    conditions: withConditions(allocation.status?.conditions, conditions, allocation.metadata.generation, now),
  };
}
