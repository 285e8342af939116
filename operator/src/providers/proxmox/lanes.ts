/** How many machines of a host are cloned at once: more would only wait for the lock of the template and time out. */
export class Lanes {
  readonly #width: number;
  readonly #taken = new Map<string, string>();

  constructor(width = 2) {
    this.#width = width;
  }

  /** Whether this machine may be cloned on this host now; it keeps its lane until it leaves. */
  enter(workerUid: string, host: string): boolean {
    const others = [...this.#taken].filter(([uid, on]) => uid !== workerUid && on === host).length;
    if (others >= this.#width) return false;
    this.#taken.set(workerUid, host);
    return true;
  }

  leave(workerUid: string): void {
    this.#taken.delete(workerUid);
  }
}
