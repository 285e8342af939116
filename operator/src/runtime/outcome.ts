/**
 * How a pass over one object ended, by consequence. Anything else that is thrown is retried with backoff.
 * The reason is the word of the object's condition; the message is for people.
 */
export class Stalled extends Error {
  override readonly name = 'Stalled';
  readonly reason: string;

  /** Trying again changes nothing: rest until somebody edits the object, or until the next known moment. */
  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

export class Waiting extends Error {
  override readonly name = 'Waiting';
  readonly reason: string;
  readonly delayMs: number;

  /** Nothing is wrong: look again after `delayMs`, or at the next known moment if that is sooner, without backoff. */
  constructor(delayMs: number, reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.delayMs = delayMs;
  }
}

/** When a key is looked at next, unless an event comes first. */
export type WakeUp =
  | { readonly kind: 'rest' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'backoff'; readonly failure: unknown };

const LONGEST_MS = 10 * 60_000;

/** The only place that knows what a failure means for the next look; `requeueAfterMs` is the next known moment. */
export function wakeUp(failure: unknown, requeueAfterMs?: number): WakeUp {
  if (failure instanceof Waiting) return after(Math.min(failure.delayMs, requeueAfterMs ?? failure.delayMs));
  if (failure !== undefined && !(failure instanceof Stalled)) return { kind: 'backoff', failure };
  return requeueAfterMs === undefined ? { kind: 'rest' } : after(requeueAfterMs);
}

/** Capped at ten minutes: what must happen later is computed again then. */
const after = (ms: number): WakeUp => ({ kind: 'after', ms: Math.min(Math.max(ms, 0), LONGEST_MS) });
