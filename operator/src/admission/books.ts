import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { PoolBook } from './pool-book.ts';
import { reserves } from './slots.ts';

/** The ledgers of all pools, each a function of the objects that were told of, in whatever order they came. */
export class Books {
  readonly #onRoom: (pool: string) => void;
  readonly #pools = new Map<string, PoolBook>();
  /** Who took over an Allocation, by the UID of the one that was taken over (contract T4). */
  readonly #takers = new Map<string, Map<string, Allocation>>();
  readonly #reserving = new Map<string, Allocation>();

  constructor(onRoom: (pool: string) => void = () => undefined) {
    this.#onRoom = onRoom;
  }

  of(pool: string): PoolBook {
    const known = this.#pools.get(pool);
    if (known !== undefined) return known;
    const book = new PoolBook(() => this.#onRoom(pool));
    this.#pools.set(pool, book);
    return book;
  }

  poolChanged(now: WorkerPool | undefined, before: WorkerPool | undefined): void {
    const name = now?.metadata.name ?? before?.metadata.name;
    if (name === undefined) return;
    const book = this.of(name);
    if (now === undefined || book.pool === undefined || isOther(now, book.pool)) book.setPool(now);
  }

  workerChanged(now: BurstWorker | undefined, before: BurstWorker | undefined): void {
    if (before !== undefined && before.spec.pool !== now?.spec.pool)
      this.of(before.spec.pool).removeWorker(before.metadata.name);
    if (now !== undefined) this.of(now.spec.pool).setWorker(now);
  }

  allocationChanged(now: Allocation | undefined, before: Allocation | undefined): void {
    if (before !== undefined) this.#leave(before);
    if (now !== undefined) this.#enter(now);
  }

  /** Who took over what the Allocation of this UID held. */
  takerOf(uid: string): Allocation | undefined {
    return this.#takers.get(uid)?.values().next().value;
  }

  /** Forgets everything, and begins anew from these. */
  begin(pools: readonly WorkerPool[], workers: readonly BurstWorker[], allocations: readonly Allocation[]): void {
    for (const known of [this.#pools, this.#takers, this.#reserving]) known.clear();
    for (const pool of pools) this.poolChanged(pool, undefined);
    for (const worker of workers) this.workerChanged(worker, undefined);
    for (const allocation of allocations) this.allocationChanged(allocation, undefined);
  }

  #leave(before: Allocation): void {
    const { uid } = before.metadata;
    this.#taking(before, (takers) => takers.delete(uid));
    const entered = this.#reserving.get(uid);
    this.#reserving.delete(uid);
    if (entered !== undefined) this.#bookOf(entered)?.withdraw(entered);
  }

  #enter(now: Allocation): void {
    const { uid } = now.metadata;
    if (reserves(now)) {
      this.#reserving.set(uid, now);
      if (!this.#takers.has(uid)) this.#bookOf(now)?.reserve(now);
    }
    this.#taking(now, (takers) => takers.set(uid, now));
  }

  /** What was taken over counts for nothing from that moment on, and again once nobody is there who took it. */
  #taking({ status }: Allocation, change: (takers: Map<string, Allocation>) => void): void {
    const taken = status?.tookOver?.uid;
    if (taken === undefined) return;
    const predecessor = this.#reserving.get(taken);
    if (predecessor !== undefined) this.#bookOf(predecessor)?.withdraw(predecessor);
    const takers = this.#takers.get(taken) ?? new Map<string, Allocation>();
    change(takers);
    if (takers.size > 0) this.#takers.set(taken, takers);
    else this.#takers.delete(taken);
    if (predecessor !== undefined && !this.#takers.has(taken)) this.#bookOf(predecessor)?.reserve(predecessor);
  }

  #bookOf({ status }: Allocation): PoolBook | undefined {
    return status?.reserved && this.of(status.reserved.pool);
  }
}

const isOther = ({ metadata: a }: WorkerPool, { metadata: b }: WorkerPool): boolean =>
  a.uid !== b.uid || a.generation !== b.generation || a.deletionTimestamp !== b.deletionTimestamp;
