/** The time that deadlines are compared with. */
export interface Clock {
  now(): Date;
  /** A time that the API server's clock has reached for certain; what happens from here on is stamped with it or later. */
  earliest(): Date;
  /** By how much the API server is ahead of this machine, in milliseconds; undefined until it has answered. */
  readonly skewMs: number | undefined;
  /** False when the skew is unknown or above 30 s: then nothing may be destroyed because of the time (contract T7). */
  readonly trusted: boolean;
}

const TRUSTED_SKEW_MS = 30_000;
/** Fewer that disagree are one odd API server among several; this many are a clock that was set. */
const DISAGREEING = 3;
/** Two machines' oscillators part by less than this. */
const DRIFT_PER_MS = 1e-4;
const GRAIN_MS = 1_000;
const BACKWARD_MS = 2_000;

/**
 * The API server's time, from the Date headers of its answers. Each header, cut to the second, bounds how far
 * the server is ahead of our monotonic clock; the bounds of many answers together are far narrower than a second.
 * Built on the monotonic clock, so setting this machine's clock changes nothing but the skew.
 */
export class ServerClock implements Clock {
  /** Bounds of server time minus monotonic time. */
  #bounds: { readonly low: number; readonly high: number; readonly at: number } | undefined;
  #disagreements = 0;
  #last = 0;

  get skewMs(): number | undefined {
    const offset = this.#offset;
    return offset === undefined ? undefined : performance.now() + offset - Date.now();
  }

  get trusted(): boolean {
    const skew = this.skewMs;
    return skew !== undefined && Math.abs(skew) <= TRUSTED_SKEW_MS && this.#disagreements === 0;
  }

  /** Never goes back by less than two seconds: new bounds may correct an estimate by a part of one. */
  now(): Date {
    const offset = this.#offset;
    if (offset === undefined) return new Date();
    const now = performance.now() + offset;
    this.#last = now < this.#last && this.#last - now < BACKWARD_MS ? this.#last : now;
    return new Date(this.#last);
  }

  earliest(): Date {
    const known = this.#widened(performance.now());
    return known === undefined ? new Date() : new Date(performance.now() + known.low);
  }

  /** Takes in one Date header and the monotonic times (ms) between which it was written. */
  observe(date: string, sentAt: number, receivedAt: number): void {
    const second = Date.parse(date);
    if (Number.isNaN(second)) return;
    const sample = { low: second - receivedAt, high: second + GRAIN_MS - sentAt, at: receivedAt };
    const known = this.#widened(receivedAt);
    if (known === undefined) this.#bounds = sample;
    else this.#narrow(known, sample);
  }

  get #offset(): number | undefined {
    return this.#bounds && (this.#bounds.low + this.#bounds.high) / 2;
  }

  #widened(at: number): { low: number; high: number } | undefined {
    if (this.#bounds === undefined) return undefined;
    const drift = Math.max(at - this.#bounds.at, 0) * DRIFT_PER_MS;
    return { low: this.#bounds.low - drift, high: this.#bounds.high + drift };
  }

  #narrow(known: { low: number; high: number }, sample: { low: number; high: number; at: number }): void {
    const [low, high] = [Math.max(known.low, sample.low), Math.min(known.high, sample.high)];
    if (low <= high) {
      this.#bounds = { low, high, at: sample.at };
      this.#disagreements = 0;
    } else if (++this.#disagreements >= DISAGREEING) {
      this.#bounds = sample;
      this.#disagreements = 0;
    }
  }
}
