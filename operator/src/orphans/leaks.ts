import type { Listing } from './seen.ts';
import type { Leak, Suspect } from './suspect.ts';

/** What the last look came to for one pool. */
interface OfPool {
  readonly provider: string;
  readonly leaks: readonly Leak[];
  /** Something may be lost, and was not seen for long enough. */
  readonly undecided: boolean;
}

/** What the last look for orphans came to, for whoever tells of it. */
export class Leaks {
  #byPool: ReadonlyMap<string, OfPool> = new Map();
  readonly #listeners: ((pool: string) => void)[] = [];

  /** Undefined while nobody can say: before the first look, or while something is not proven yet. */
  of(pool: string): readonly Leak[] | undefined {
    const known = this.#byPool.get(pool);
    return known === undefined || (known.undecided && known.leaks.length === 0) ? undefined : known.leaks;
  }

  counts(): { readonly pool: string; readonly provider: string; readonly leaks: number }[] {
    return [...this.#byPool].map(([pool, { provider, leaks }]) => ({ pool, provider, leaks: leaks.length }));
  }

  /** Hears which pool's leaks were looked for. */
  onLook(listener: (pool: string) => void): void {
    this.#listeners.push(listener);
  }

  replace(listings: readonly Listing[], suspects: readonly Suspect[], leaks: readonly Leak[]): void {
    const proven = new Set(leaks.map(({ key }) => key));
    this.#byPool = new Map(
      listings.map(({ pool, provider }) => [
        pool,
        {
          provider,
          leaks: leaks.filter((leak) => leak.pool === pool),
          undecided: suspects.some((suspect) => suspect.pool === pool && !proven.has(suspect.key)),
        },
      ]),
    );
    for (const { pool } of listings) for (const listener of this.#listeners) listener(pool);
  }
}
