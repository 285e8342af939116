/** A binary heap: the smallest item first. */
export class Heap<T> {
  readonly #before: (a: T, b: T) => boolean;
  #items: T[] = [];

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    while (at > 0 && this.#swapIfBefore(at, (at - 1) >> 1)) at = (at - 1) >> 1;
  }

  pop(): T | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const child = this.#smallerChild(at);
      if (child === undefined || !this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #smallerChild(at: number): number | undefined {
    const [left, right] = [this.#items[2 * at + 1], this.#items[2 * at + 2]];
    if (left === undefined) return undefined;
    return right !== undefined && this.#before(right, left) ? 2 * at + 2 : 2 * at + 1;
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [first, second] = [this.#items[a], this.#items[b]];
    if (first === undefined || second === undefined || !this.#before(first, second)) return false;
    this.#items[a] = second;
    this.#items[b] = first;
    return true;
  }
}
