/** How long a pool waits with its next machine after so many attempts in a row have failed (contract A12). */
const FIRST_MS = 30_000;
const LONGEST_MS = 10 * 60_000;

interface Failures {
  readonly inARow: number;
  readonly until: number;
}

/** Spaces out the machines of a pool while its attempts fail; what is under way goes on. */
export class PoolBackoff {
  readonly #failures = new Map<string, Failures>();

  /** When the pool may make its next machine, in milliseconds of the epoch; 0 while nothing fails. */
  until(pool: string): number {
    return this.#failures.get(pool)?.until ?? 0;
  }

  /** An attempt failed. Those that fail while the pool waits already are of the same trouble, and count once. */
  failed(pool: string, now: Date): void {
    const before = this.#failures.get(pool);
    if (before !== undefined && now.getTime() < before.until) return;
    const inARow = (before?.inARow ?? 0) + 1;
    const waitMs = Math.min(FIRST_MS * 2 ** (inARow - 1), LONGEST_MS);
    this.#failures.set(pool, { inARow, until: now.getTime() + waitMs });
  }

  succeeded(pool: string): void {
    this.#failures.delete(pool);
  }
}
