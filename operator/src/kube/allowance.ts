/** How many calls a client allows itself. */
export interface Allowance {
  /** Calls a second, in the long run. */
  readonly qps: number;
  /** Calls that may be made at once after a rest. */
  readonly burst: number;
}

/**
 * Calls as an Allowance has them, in the order in which they were asked for: a bucket that holds `burst` tokens and gets
 * `qps` of them a second, as in client-go.
 */
export class TokenBucket {
  readonly #spacingMs: number;
  readonly #depthMs: number;
  /** When the bucket is full again, on the monotonic clock. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor({ qps, burst }: Allowance) {
    this.#spacingMs = 1000 / qps;
    this.#depthMs = this.#spacingMs * burst;
  }

  /** Takes a token, and answers in how many milliseconds it is there. */
  take(now = performance.now()): number {
    this.#fullAt = Math.max(this.#fullAt, now) + this.#spacingMs;
    return Math.max(0, this.#fullAt - this.#depthMs - now);
  }
}
