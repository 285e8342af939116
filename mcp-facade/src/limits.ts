import { Failure } from './failures.ts';
import type { Access } from './tool.ts';

/** Calls of one process that run at the same time, whoever made them. */
const IN_FLIGHT = 64;
/** Principals that are remembered; the one that was silent longest goes first, with a full bucket. */
const REMEMBERED = 10_000;

interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const RATES: Readonly<Record<Access, Rate>> = {
  read: { perSecond: 20, burst: 100 },
  write: { perSecond: 10, burst: 50 },
  destroy: { perSecond: 0.5, burst: 20 },
};

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Who may call how often. Throws `rate_limited` with the time to wait. */
export class Limits {
  readonly #perPrincipal: boolean;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #inFlight = 0;

  /** Principals are limited where tokens tell them apart; who reaches a loopback address is not. */
  constructor({
    perPrincipal,
    now = () => performance.now(),
  }: { readonly perPrincipal: boolean; readonly now?: () => number }) {
    this.#perPrincipal = perPrincipal;
    this.#now = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Runs what was admitted. */
  async within<A>(principal: string, access: Access, run: () => Promise<A>): Promise<A> {
    if (this.#inFlight >= IN_FLIGHT) throw limited(`${IN_FLIGHT} calls are under way`, 1);
    if (this.#perPrincipal) this.#take(`${access} ${principal}`, RATES[access], access);
    this.#inFlight++;
    try {
      return await run();
    } finally {
      this.#inFlight--;
    }
  }

  #take(key: string, { perSecond, burst }: Rate, access: Access): void {
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    if (filled < 1)
      throw limited(`${access} calls are limited to ${said(perSecond)}, ${burst} at once`, (1 - filled) / perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: filled - 1, at: now });
    if (this.#buckets.size > REMEMBERED) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}

const said = (perSecond: number): string => (perSecond < 1 ? `${perSecond * 60} a minute` : `${perSecond} a second`);

const limited = (why: string, seconds: number): Failure =>
  new Failure('rate_limited', `Too many calls: ${why}`, {
    nextStep: 'Wait as long as retry_after_seconds says, then repeat the call; nothing was written.',
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
