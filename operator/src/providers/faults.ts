/** A call on the world: one that changes something, or one that only reads. */
export type Sort = 'change' | 'read';

/** What befalls a call: an error, or something that happens, and is waited for, at that moment. */
export type Strike = Error | (() => unknown);

interface Fault {
  readonly sort: Sort;
  /** Before the world acts, or after it did: then an error is a lost answer. */
  readonly when: 'before' | 'after';
  readonly strike: Strike;
  /** How many calls of its sort it lets pass. */
  skip: number;
}

/** Stands between a provider and its world: counts the calls, and lets some of them fail as planned. */
export class Faults {
  readonly #planned: Fault[] = [];
  changes = 0;
  reads = 0;

  /** One call of this sort is struck: the next, or the one after `skip` more. */
  plan(sort: Sort, when: Fault['when'], strike: Strike, skip = 0): void {
    this.#planned.push({ sort, when, strike, skip });
  }

  /** Forgets what has not struck yet. */
  clear(): void {
    this.#planned.length = 0;
  }

  async around<A>(sort: Sort, act: () => A | Promise<A>): Promise<A> {
    if (sort === 'change') this.changes++;
    else this.reads++;
    const fault = this.#next(sort);
    if (fault?.when === 'before') await befall(fault.strike);
    const answer = await act();
    if (fault?.when === 'after') await befall(fault.strike);
    return answer;
  }

  #next(sort: Sort): Fault | undefined {
    const at = this.#planned.findIndex((fault) => fault.sort === sort && fault.skip-- <= 0);
    return at < 0 ? undefined : this.#planned.splice(at, 1)[0];
  }
}

async function befall(strike: Strike): Promise<void> {
  if (strike instanceof Error) throw strike;
  await strike();
}
