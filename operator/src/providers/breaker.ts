import { ProviderError } from './errors.ts';

const FAILURES = 5;
const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;

/**
 * Leaves an endpoint alone that has not answered five times in a row: for five seconds, then twice as long each time one
 * call that is let through fails as well, and for a minute at most.
 */
export class Breaker {
  readonly #endpoint: string;
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #pauseMs = FIRST_MS;

  /** `now` in milliseconds that never go back. */
  constructor(endpoint: string, now: () => number = () => performance.now()) {
    this.#endpoint = endpoint;
    this.#now = now;
  }

  get open(): boolean {
    return this.#now() < this.#openUntil;
  }

  async around<A>(call: () => Promise<A>): Promise<A> {
    if (this.open) throw this.#leftAlone();
    const probes = this.#failures >= FAILURES;
    if (probes) this.#openUntil = this.#now() + this.#pauseMs; // one at a time
    try {
      const answer = await call();
      this.#close();
      return answer;
    } catch (error) {
      if (isSilence(error)) this.#failed(probes);
      else this.#close();
      throw error;
    }
  }

  #failed(probed: boolean): void {
    if (++this.#failures < FAILURES) return;
    if (probed) this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_MS);
    this.#openUntil = this.#now() + this.#pauseMs;
  }

  #close(): void {
    [this.#failures, this.#openUntil, this.#pauseMs] = [0, 0, FIRST_MS];
  }

  #leftAlone(): ProviderError {
    const retryAfterMs = Math.max(1, Math.ceil(this.#openUntil - this.#now()));
    // The same words each time: they end in conditions.
    const message = `${this.#endpoint} does not answer; it is left alone for a while`;
    return new ProviderError('Transient', 'LeftAlone', message, { retryAfterMs });
  }
}

/** A refusal is an answer; a caller that gave up says nothing of the endpoint. */
const isSilence = (error: unknown): boolean =>
  error instanceof ProviderError && error.class === 'Transient' && error.code !== 'CutOff' && error.code !== 'HostDown';
