/** Destructive work stops when the server could not be heard for this long (contract S8). */
const FREEZE_MS = 30_000;
/** Past this the whole kind is read anew, so that an attempt begun now ends before the freeze or owes nothing. */
const RESYNC_MS = 15_000;

export interface OutageListener {
  /** Once per outage, with the first error. */
  onProblem?(error: unknown): void;
  /** Once, when an outage that was told of is over. */
  onRecovered?(outageMs: number): void;
}

/** Whether the watch is heard, since when not, and what was said about it. */
export class Outage {
  readonly #listener: OutageListener;
  #since: number | undefined = performance.now();
  #told = false;
  #contactAt = performance.now();

  constructor(listener: OutageListener) {
    this.#listener = listener;
  }

  /** How long the watch has been closed; 0 while it is open. */
  get ms(): number {
    return this.#since === undefined ? 0 : performance.now() - this.#since;
  }

  /** Time since the last frame or answer; bookmarks come about once a minute. */
  get contactAgeMs(): number {
    return performance.now() - this.#contactAt;
  }

  get frozen(): boolean {
    return this.ms > FREEZE_MS;
  }

  get needsResync(): boolean {
    return this.ms > RESYNC_MS;
  }

  contact(): void {
    this.#contactAt = performance.now();
  }

  begin(): void {
    this.#since ??= performance.now();
  }

  tell(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#listener.onProblem?.(error);
  }

  end(): void {
    const lasted = this.ms;
    this.#since = undefined;
    this.contact();
    if (this.#told) this.#listener.onRecovered?.(lasted);
    this.#told = false;
  }
}
