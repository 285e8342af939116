import { isTransient } from './errors.ts';

const ATTEMPTS = 3;
const LONGEST_MS = 5_000;

/**
 * How long to wait before reading again, in milliseconds; undefined when the caller should hear the error.
 * `attempt` counts from 0. Only for reads: a write that got no answer may have happened.
 */
export function retryRead(error: unknown, attempt: number, random: () => number = Math.random): number | undefined {
  if (!isTransient(error) || attempt + 1 >= ATTEMPTS || error.reason === 'Timeout') return undefined;
  const delay = error.retryAfterMs ?? 100 * 2 ** attempt * (0.5 + random());
  return delay > LONGEST_MS ? undefined : delay;
}
