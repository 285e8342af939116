/** A call on the world: one that changes something, or one that only reads. */
export type Sort = 'change' | 'read';

interface Fault {
  readonly sort: Sort;
  /** After how many more calls of its sort it strikes. */
  skip: number;
  /** Before the world acts, or after it did: then the answer is lost. */
  readonly when: 'before' | 'after';
  readonly error: Error;
}

/** Stands between a provider and its world: counts calls, and lets some of them fail as they were told to. */
export class Faults {
  readonly #planned: Fault[] = [];
  changes = 0;
  reads = 0;

  /** One call of this sort, the next one or the one after `skip` more, fails. */
  plan(sort: Sort, when: Fault['when'], error: Error, skip = 0): void {
    this.#planned.push({ sort, when, error, skip });
  }

  /** Whether everything that was planned has struck. */
  get spent(): boolean {
    return this.#planned.length === 0;
  }

  async around<A>(sort: Sort, act: () => A | Promise<A>): Promise<A> {
    if (sort === 'change') this.changes++;
    else this.reads++;
    const fault = this.#strike(sort);
    if (fault?.when === 'before') throw fault.error;
    const answer = await act();
    if (fault !== undefined) throw fault.error;
    return answer;
  }

  #strike(sort: Sort): Fault | undefined {
    const at = this.#planned.findIndex((fault) => fault.sort === sort && fault.skip-- <= 0);
    return at < 0 ? undefined : this.#planned.splice(at, 1)[0];
  }
}
