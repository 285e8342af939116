import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { type Amount, fitsIn, minus, most, NOTHING, plus } from './amount.ts';
import { entry, type Ledger } from './ledger.ts';
import { type Count, countOf, isFree, promisesOf } from './slots.ts';

/** The ledger of one pool, kept up to date object by object: a change costs what it touches, not what exists (contract C5). */
export class PoolBook {
  /** Told when something may fit that did not fit before. */
  readonly #onRoom: () => void;
  #pool: WorkerPool | undefined;
  readonly #workers = new Map<string, BurstWorker>();
  /** By name of the worker, then by UID of who was promised it. */
  readonly #promises = new Map<string, Map<string, Amount>>();
  readonly #reserving = new Map<string, Allocation>();
  readonly #counts = new Map<string, Count>();
  #used = NOTHING;
  #withheld = NOTHING;
  #ledger: Ledger | undefined;

  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  get pool(): WorkerPool | undefined {
    return this.#pool;
  }

  /** Undefined while there is no such pool. */
  get ledger(): Ledger | undefined {
    if (this.#pool === undefined) return undefined;
    this.#ledger ??= entry(this.#pool, this.#used, this.#withheld, this.#freeWorkers());
    return this.#ledger;
  }

  get workers(): Iterable<BurstWorker> {
    return this.#workers.values();
  }

  /** Who holds a reservation in this pool. */
  get reserving(): Iterable<Allocation> {
    return this.#reserving.values();
  }

  /** Whether this is what the ledger is when it is computed from scratch. */
  agrees(scratch: Ledger): boolean {
    return this.ledger !== undefined && said(this.ledger) === said(scratch);
  }

  /** What this name counts for now. */
  usedBy(name: string): Amount {
    return this.#counts.get(name)?.used ?? NOTHING;
  }

  /** What is promised under this name and was never begun. */
  openUnder(name: string): Amount {
    return this.#workers.has(name) ? NOTHING : this.usedBy(name);
  }

  /** Sizes and limits may be others now, so everything is counted anew. */
  setPool(pool: WorkerPool | undefined): void {
    this.#pool = pool;
    for (const name of new Set([...this.#workers.keys(), ...this.#promises.keys()])) this.#recount(name);
    this.#room();
  }

  setWorker(worker: BurstWorker): void {
    const { name } = worker.metadata;
    const before = this.#workers.get(name);
    this.#workers.set(name, worker);
    this.#recount(name);
    if (isFree(worker) && (before === undefined || !isFree(before))) this.#room();
  }

  removeWorker(name: string): void {
    this.#workers.delete(name);
    this.#recount(name);
  }

  reserve(allocation: Allocation): void {
    const { uid } = allocation.metadata;
    this.#reserving.set(uid, allocation);
    for (const [name, amount] of promisesOf(allocation)) {
      const promised = this.#promises.get(name) ?? new Map<string, Amount>();
      this.#promises.set(name, promised.set(uid, amount));
      this.#recount(name);
    }
  }

  /** As it was reserved: with the names it had then. */
  withdraw(allocation: Allocation): void {
    const { uid } = allocation.metadata;
    this.#reserving.delete(uid);
    for (const [name] of promisesOf(allocation)) {
      const promised = this.#promises.get(name);
      if (promised?.delete(uid) === true && promised.size === 0) this.#promises.delete(name);
      this.#recount(name);
      if (!this.#promises.has(name) && this.#workers.has(name)) this.#room();
    }
  }

  #recount(name: string): void {
    this.#ledger = undefined;
    const before = this.#counts.get(name) ?? UNCOUNTED;
    const after = this.#pool && countOf(this.#workers.get(name), this.#promised(name), this.#pool);
    if (after === undefined || isNothing(after)) this.#counts.delete(name);
    else this.#counts.set(name, after);
    const { used, withheld } = after ?? UNCOUNTED;
    this.#used = plus(minus(this.#used, before.used), used);
    this.#withheld = plus(minus(this.#withheld, before.withheld), withheld);
    if (!fitsIn(plus(before.used, before.withheld), plus(used, withheld))) this.#room();
  }

  #promised(name: string): Amount | undefined {
    const promised = this.#promises.get(name);
    return promised && [...promised.values()].reduce(most, NOTHING);
  }

  #freeWorkers(): BurstWorker[] {
    return [...this.#workers.values()].filter((worker) => isFree(worker) && !this.#promises.has(worker.metadata.name));
  }

  #room(): void {
    this.#ledger = undefined;
    this.#onRoom();
  }
}

const UNCOUNTED: Count = { used: NOTHING, withheld: NOTHING };

const said = ({ used, available, free }: Ledger): string =>
  JSON.stringify([used, available, free.map(({ metadata }) => metadata.name)]);

const isNothing = ({ used, withheld }: Count): boolean => used.workers === 0 && withheld.workers === 0;
