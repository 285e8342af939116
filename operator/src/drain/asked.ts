/** By then the watch has shown what was accepted, or it is asked again. */
const SHOWN_MS = 5_000;

/** Removals that were accepted and need not be asked for again yet, by pod UID; they are forgotten as their time passes. */
export class Asked {
  /** Those that were asked for first come first, and so are over first. */
  readonly #until = new Map<string, Date>();

  get byPod(): ReadonlyMap<string, Date> {
    return this.#until;
  }

  add(uid: string, now: Date): void {
    for (const [other, until] of this.#until) {
      if (until.getTime() > now.getTime()) break;
      this.#until.delete(other);
    }
    this.#until.delete(uid);
    this.#until.set(uid, new Date(now.getTime() + SHOWN_MS));
  }
}
