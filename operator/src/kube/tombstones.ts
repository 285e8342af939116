import { isNewer } from './resource-version.ts';

/** Which keys were seen deleted, and up to which resourceVersion; the oldest are forgotten first. */
export class Tombstones {
  readonly #limit: number;
  readonly #deletedAt = new Map<string, string>();

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  bury(key: string, resourceVersion: string): void {
    const known = this.#deletedAt.get(key);
    if (known !== undefined && isNewer(known, resourceVersion)) return;
    this.#deletedAt.delete(key);
    this.#deletedAt.set(key, resourceVersion);
    const oldest = this.#deletedAt.keys().next();
    if (this.#deletedAt.size > this.#limit && !oldest.done) this.#deletedAt.delete(oldest.value);
  }

  /** Was this version, or a later one, seen deleted? */
  covers(key: string, resourceVersion: string): boolean {
    const deletedAt = this.#deletedAt.get(key);
    return deletedAt !== undefined && !isNewer(resourceVersion, deletedAt);
  }

  clear(): void {
    this.#deletedAt.clear();
  }
}
