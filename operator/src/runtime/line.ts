import { Fifo } from './fifo.ts';

/** Keys in the order they came, urgent ones before. A key that is not to be taken when its turn comes loses it. */
export class Line {
  readonly #ready = new Fifo<string>();
  /** Those that go first; they may stand among the others too. */
  readonly #urgent = new Set<string>();

  get isEmpty(): boolean {
    return this.#ready.size === 0 && this.#urgent.size === 0;
  }

  push(key: string): void {
    this.#ready.push(key);
  }

  /** From now until it is taken the key goes before all others, as soon as it may be taken. */
  putFirst(key: string): void {
    this.#urgent.add(key);
  }

  /** The next key that may be taken; undefined where there is none. */
  take(mayBeTaken: (key: string) => boolean): string | undefined {
    for (const key of this.#urgent) {
      if (!mayBeTaken(key)) continue;
      this.#urgent.delete(key);
      return key;
    }
    while (this.#ready.size > 0) {
      const key = this.#ready.shift();
      if (key !== undefined && mayBeTaken(key)) return key;
    }
    return undefined;
  }

  clear(): void {
    this.#ready.clear();
    this.#urgent.clear();
  }
}
