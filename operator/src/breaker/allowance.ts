import { ANNOTATION, type WorkerPool } from '@cortex/crds';

/** What a person said about removals that nobody named (contract S9). */
export type Allowance =
  | { readonly kind: 'None' }
  | { readonly kind: 'Allowed'; readonly until: string }
  | { readonly kind: 'Over'; readonly until: string }
  | { readonly kind: 'Refused'; readonly value: string; readonly why: string };

const LONGEST_MS = 3_600_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Removals are allowed until a moment at most an hour ahead. What was refused stays refused: a moment that was too far
 * ahead must not become one that is near enough by waiting.
 */
export function allowanceOf({ metadata, status }: WorkerPool, now: Date): Allowance {
  const value = metadata.annotations?.[ANNOTATION.allowRemovalsUntil];
  if (value === undefined) return { kind: 'None' };
  const until = RFC3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until))
    return { kind: 'Refused', value, why: 'is no moment as RFC 3339 has it, such as 2030-01-01T10:00:00Z' };
  if (until - now.getTime() > LONGEST_MS || status?.breaker?.refused === value)
    return { kind: 'Refused', value, why: 'was more than an hour ahead when it was set' };
  return { kind: until > now.getTime() ? 'Allowed' : 'Over', until: value };
}
