import type { WorkerPool } from '@cortex/crds';
import { ProviderError } from '../providers/errors.ts';
import type { Providers } from '../providers/registry.ts';
import type { WakeUp } from '../runtime/outcome.ts';
import { afterLook, type Look, nextLookMs, type Reachability, silenceOf } from './reachability.ts';

export interface ScoutOptions {
  readonly providers: Pick<Providers, 'open' | 'isElsewhere'>;
  readonly poolOf: (name: string) => WorkerPool | undefined;
  /** Hears when something else is known of a pool's provider. */
  readonly changed: (pool: string) => void;
  readonly now: () => Date;
}

const LOOK_MS = 30_000;

/** Looks at the providers of pools from time to time, changing nothing, and remembers what it found. */
export class Scout {
  readonly #options: ScoutOptions;
  readonly #known = new Map<string, { readonly uid: string; readonly reachability: Reachability }>();

  constructor(options: ScoutOptions) {
    this.#options = options;
  }

  /** What is known of its provider; undefined before the first look, and where there is nothing to look at. */
  of({ metadata }: WorkerPool): Reachability | undefined {
    const known = this.#known.get(metadata.name);
    return known?.uid === metadata.uid ? known.reachability : undefined;
  }

  /** Why no machine of this pool may be removed now, if so. */
  silence(pool: WorkerPool | undefined): string | undefined {
    return pool && silenceOf(pool, this.of(pool), this.#options.now());
  }

  /** One look, and when the next is due. */
  async look(name: string): Promise<WakeUp> {
    const { providers, poolOf, changed, now } = this.#options;
    const pool = poolOf(name);
    if (pool === undefined) this.#known.delete(name);
    if (pool === undefined || !providers.isElsewhere(pool)) return { kind: 'rest' };
    const { look, retryAfterMs } = await this.#ask(pool);
    const before = this.of(pool);
    const reachability = afterLook(before, look, now());
    if (reachability !== undefined) this.#known.set(name, { uid: pool.metadata.uid, reachability });
    if (isNews(before, reachability)) changed(name);
    return { kind: 'after', ms: nextLookMs(reachability, retryAfterMs) };
  }

  async #ask(pool: WorkerPool): Promise<{ look: Look; retryAfterMs?: number | undefined }> {
    try {
      const provider = await this.#options.providers.open(pool);
      return { look: { findings: (await provider?.check(AbortSignal.timeout(LOOK_MS))) ?? [] } };
    } catch (error) {
      const refusal = error instanceof ProviderError ? error : unexpected(error);
      return { look: { refusal }, retryAfterMs: refusal.retryAfterMs };
    }
  }
}

const isNews = (before: Reachability | undefined, after: Reachability | undefined): boolean =>
  before?.status !== after?.status || before?.reason !== after?.reason || before?.message !== after?.message;

/** What was thrown may hold anything: its words stay here. */
const unexpected = (cause: unknown): ProviderError =>
  new ProviderError('Internal', 'Unexpected', 'its provider could not be asked, for a reason nobody foresaw', {
    cause,
  });
