import { type Reason, REASONS } from '@cortex/crds';
import { type Claim, isTrue } from '../conditions.ts';
import { isProviderReason } from '../provider-reasons.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Seen } from './seen.ts';

/** What keeps a worker from going on, in words for its conditions. */
export type Trouble = Pick<Claim, 'reason' | 'message'>;

/**
 * What a user has to be told: that identity is in doubt, that the provider refuses, or that nothing can be done.
 * That something merely takes its time is no trouble.
 */
export function troubleOf(seen: Pick<Seen, 'conflict' | 'trouble'>, failure: unknown): Trouble | undefined {
  if (seen.conflict !== undefined) return { reason: 'IdentityConflict', message: seen.conflict };
  const error = failure ?? seen.trouble;
  const told = error instanceof Stalled || (error instanceof Waiting && isProviderReason(error.reason));
  return told ? { reason: known(error.reason), message: error.message } : undefined;
}

const known = (reason: string): Reason => (reason in REASONS ? (reason as Reason) : 'ProviderError');

/** IdentityConflict is said while it lasts, and taken back once a person has put things right. */
export function identity(seen: Seen, failure: unknown): Claim[] {
  const trouble = troubleOf(seen, failure);
  if (trouble?.reason === 'IdentityConflict') return [{ type: 'IdentityConflict', status: true, ...trouble }];
  return isTrue(seen.worker.status?.conditions, 'IdentityConflict')
    ? [{ type: 'IdentityConflict', status: false, reason: 'IdentityClear', message: 'What is there is what was made' }]
    : [];
}
