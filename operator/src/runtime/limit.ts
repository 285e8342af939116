import { eachBounded } from './bounded.ts';
import { Fifo } from './fifo.ts';

/** At most so many pieces of work at once, whoever asks; those that wait are served in the order they came, urgent ones before all others. */
export class Limit {
  #free: number;
  readonly #waiting = new Fifo<() => void>();
  readonly #urgent = new Fifo<() => void>();

  constructor(most: number) {
    this.#free = most;
  }

  /** As `eachBounded`, with each piece of work under this limit too. */
  async each<T>(
    items: readonly T[],
    width: number,
    work: (item: T) => Promise<void>,
    isUrgent: (item: T) => boolean = () => false,
  ): Promise<unknown[]> {
    return await eachBounded(
      items,
      width,
      async (item) => await this.#under(async () => await work(item), isUrgent(item)),
    );
  }

  async #under(work: () => Promise<void>, urgent: boolean): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => (urgent ? this.#urgent : this.#waiting).push(resolve));
    try {
      await work();
    } finally {
      const next = this.#urgent.shift() ?? this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
