/** A timer may ring a little early. */
const EARLY_MS = 100;

/**
 * Holds back what will be overtaken in a moment: a change of scale is written once, when it is through, or every few
 * seconds while it lasts.
 */
export class Hold {
  readonly #since = new Map<string, number>();

  /** Whether a change is to be written now; `passingMs` is how long it may wait, undefined for news that may not. */
  admits(key: string, passingMs: number | undefined, now: Date): boolean {
    if (passingMs === undefined) {
      this.#since.delete(key);
      return true;
    }
    const since = this.#since.get(key) ?? now.getTime();
    const over = now.getTime() - since >= passingMs - EARLY_MS;
    this.#since.set(key, over ? now.getTime() : since);
    return over;
  }

  forget(key: string): void {
    this.#since.delete(key);
  }
}
