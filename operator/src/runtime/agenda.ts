import { Heap } from './heap.ts';

interface Entry {
  readonly key: string;
  readonly dueAt: number;
}

const earlier = (a: Entry, b: Entry): boolean => a.dueAt < b.dueAt;

/** When each key is due next, in any monotonic milliseconds; the earliest moment asked for wins. */
export class Agenda {
  readonly #dueAt = new Map<string, number>();
  /** Holds outdated entries too: taking them out of the middle would cost more than passing over them. */
  #heap = new Heap<Entry>(earlier);

  get size(): number {
    return this.#dueAt.size;
  }

  /** The earliest moment at which anything is due. */
  get next(): number | undefined {
    this.#passOverOutdated();
    return this.#heap.first?.dueAt;
  }

  add(key: string, dueAt: number): void {
    const known = this.#dueAt.get(key);
    if (known !== undefined && known <= dueAt) return;
    this.#dueAt.set(key, dueAt);
    this.#heap.push({ key, dueAt });
    if (this.#heap.size > 2 * this.#dueAt.size + 64) this.#compact();
  }

  delete(key: string): void {
    this.#dueAt.delete(key);
  }

  clear(): void {
    this.#dueAt.clear();
    this.#heap = new Heap(earlier);
  }

  /** Takes out what is due by now, earliest first. */
  take(now: number): string[] {
    const due: string[] = [];
    for (let next = this.next; next !== undefined && next <= now; next = this.next) {
      const entry = this.#heap.pop();
      if (entry === undefined) break;
      this.#dueAt.delete(entry.key);
      due.push(entry.key);
    }
    return due;
  }

  #passOverOutdated(): void {
    for (let top = this.#heap.first; top !== undefined; top = this.#heap.first) {
      if (this.#dueAt.get(top.key) === top.dueAt) return;
      this.#heap.pop();
    }
  }

  #compact(): void {
    this.#heap = new Heap(earlier);
    for (const [key, dueAt] of this.#dueAt) this.#heap.push({ key, dueAt });
  }
}
