import { Agenda } from '../runtime/agenda.ts';
import type { Verdict } from './verdict.ts';
import type { Waiters } from './waiters.ts';

const POOL = 'pool/';

/** What the next pass must look at, and when the passing of time alone gives it something to look at (contract C5). */
export class Due {
  readonly #waiters: Waiters;
  /** Pools where something may fit that did not fit before. */
  #open = new Set<string>();
  /** Of a waiter by UID, of a pool by `pool/name`. */
  readonly #moments = new Agenda();

  constructor(waiters: Waiters) {
    this.#waiters = waiters;
  }

  get some(): boolean {
    return this.#waiters.someFresh || this.#open.size > 0;
  }

  /** In milliseconds since the epoch. */
  get next(): number | undefined {
    return this.#moments.next;
  }

  openPool(name: string): void {
    if (!this.#waiters.isEmpty(name)) this.#open.add(name);
  }

  poolAt(name: string, moment: number): void {
    this.#moments.add(POOL + name, moment);
  }

  waiterAt(uid: string, moment: number): void {
    this.#moments.add(uid, moment);
  }

  forgetWaiter(uid: string): void {
    this.#moments.delete(uid);
  }

  /** What was decided was not done: the candidate is looked at again, and others may have what it was to have. */
  again(verdict: Verdict): void {
    const { uid } = verdict.candidate.metadata;
    this.#waiters.lookAt(uid);
    const pool = poolOf(verdict) ?? this.#waiters.get(uid)?.ticket?.pool.metadata.name;
    if (pool !== undefined) this.openPool(pool);
  }

  /** Whose moment has come is looked at by the pass that begins. */
  begin(now: Date): void {
    for (const due of this.#moments.take(now.getTime())) {
      if (due.startsWith(POOL)) this.openPool(due.slice(POOL.length));
      else this.#waiters.lookAt(due);
    }
  }

  /** The open pools, once. */
  takePools(): ReadonlySet<string> {
    const open = this.#open;
    this.#open = new Set();
    return open;
  }
}

function poolOf(verdict: Verdict): string | undefined {
  if ('pool' in verdict) return verdict.pool.metadata.name;
  return verdict.kind === 'Claim' ? verdict.workers[0]?.spec.pool : undefined;
}
