/**
 * Lets so many calls at once through; the others wait their turn. A call that waits here is not yet begun, so its time limit
 * does not run: a load that comes faster than the API server takes it is late, not lost.
 */
export class Lanes {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(width: number) {
    this.#free = width;
  }

  async through<A>(call: () => Promise<A>): Promise<A> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
