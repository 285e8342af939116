import { ANNOTATION, type WorkerPoolStatus } from '@cortex/crds';
import type { BreakerState } from '../breaker/removal-breaker.ts';
import { type Claim, conditionOf } from '../conditions.ts';
import { leaksSentence } from '../orphans/sentence.ts';
import type { Seen } from './seen.ts';

const WAY_OUT = `find out why they are missing, then set annotation ${ANNOTATION.allowRemovalsUntil} to a moment at most an hour ahead (RFC 3339)`;

/** Whether removals that nobody named are stopped, and what a person said about that (contract S9). */
export function breakerClaim({ why, allowance }: BreakerState): Claim {
  const ignored =
    allowance.kind === 'Refused'
      ? `; "${allowance.value.slice(0, 64)}" in ${ANNOTATION.allowRemovalsUntil} is not heeded: it ${allowance.why}`
      : '';
  if (why !== undefined)
    return { type: 'BreakerOpen', status: true, reason: 'TooManyRemovals', message: `${why}; ${WAY_OUT}${ignored}` };
  if (allowance.kind === 'Allowed') {
    const message = `Removals that nobody named are allowed until ${allowance.until}`;
    return { type: 'BreakerOpen', status: false, reason: 'RemovalsAllowed', message };
  }
  return {
    type: 'BreakerOpen',
    status: false,
    reason: 'FewRemovals',
    message: `No more of it would go unnamed than it stands${ignored}`,
  };
}

/** What the breaker has to know after a restart. */
export function breakerBlock({ why, allowance, removed = [] }: BreakerState): Pick<WorkerPoolStatus, 'breaker'> {
  const breaker = {
    ...(why === undefined ? {} : { why }),
    ...(allowance.kind === 'Refused' ? { refused: allowance.value.slice(0, 256) } : {}),
    ...(removed.length === 0 ? {} : { removed: [...removed] }),
  };
  return Object.keys(breaker).length === 0 ? {} : { breaker };
}

/** What of it was found that nobody claims, for as long as it is; nothing where nothing ever was (contract S6). */
export function leaksClaim({ leaks, pool }: Seen): Claim[] {
  if (leaks === undefined) return [];
  if (leaks.length > 0)
    return [{ type: 'LeaksFound', status: true, reason: 'MachineLeaked', message: leaksSentence(leaks) }];
  return conditionOf(pool.status?.conditions, 'LeaksFound')?.status === 'True'
    ? [{ type: 'LeaksFound', status: false, reason: 'NothingLeaked', message: 'What was found is gone, or claimed' }]
    : [];
}
