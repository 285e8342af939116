import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { Books } from './books.ts';
import { isUnadmitted, isWaiting, patienceOf, poolFor } from './candidacy.ts';
import { classify, type Registry } from './classify.ts';
import { Due } from './due.ts';
import { passOver } from './pass.ts';
import type { Catalog } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import { Roll } from './roll.ts';
import type { Verdict } from './verdict.ts';
import { Waiters } from './waiters.ts';

/** What the office asks of the world beside what it is told. */
export type Surroundings = Omit<Catalog, 'pools'> & Pick<Registry, 'hasServer'>;

/**
 * Everybody who waits, and every ledger, kept up to date by what is told: a pass costs what changed since the last one, not
 * what exists (contract C5). Nothing here is of record: it follows from the objects, in whatever order they came.
 */
export class Office {
  readonly books: Books;
  readonly waiters = new Waiters();
  readonly #roll = new Roll();
  readonly #registry: Registry;
  readonly #pools = new Map<string, WorkerPool>();
  readonly #due = new Due(this.waiters);
  readonly #retiring = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.books = new Books((pool) => this.#due.openPool(pool));
    const pools = this.#pools;
    this.#registry = {
      ...surroundings,
      get pools() {
        return [...pools.values()];
      },
      allocationAt: (key) => this.#roll.at(key),
      takerOf: (uid) => this.books.takerOf(uid),
      claimsOf: (uid) => this.#roll.claimsOf(uid),
    };
  }

  /** Whether a pass would find something to look at. */
  get hasWork(): boolean {
    return this.#due.some;
  }

  /** When the next pass is due for the passing of time alone, in milliseconds since the epoch. */
  get nextMoment(): number | undefined {
    return this.#due.next;
  }

  get pools(): readonly WorkerPool[] {
    return this.#registry.pools;
  }

  allocation(key: string): Allocation | undefined {
    return this.#roll.at(key);
  }

  /** Gives those a place who were not looked at yet, so that it can be asked for; decides nothing. */
  survey(now: Date): void {
    for (const waiter of this.waiters.unplaced())
      this.waiters.place(waiter, classify(waiter.candidate, this.#registry, now));
  }

  poolChanged(now: WorkerPool | undefined, before: WorkerPool | undefined): void {
    const name = now?.metadata.name ?? before?.metadata.name ?? '';
    if (now !== undefined && before !== undefined && !isOtherPool(now, before)) return;
    if (now === undefined) this.#pools.delete(name);
    else this.#pools.set(name, now);
    this.books.poolChanged(now, before);
    this.waiters.lookAtAll();
  }

  allocationChanged(now: Allocation | undefined, before: Allocation | undefined): void {
    this.books.allocationChanged(now, before);
    this.#roll.allocationChanged(now, before);
    if (before !== undefined && before.metadata.uid !== now?.metadata.uid) this.#giveUp(before.metadata.uid);
    if (now !== undefined) this.#consider(now);
    for (const version of [now, before].flatMap((each) => each ?? [])) {
      for (const heir of this.#roll.heirsOf(version)) this.waiters.lookAt(heir.metadata.uid);
      const predecessor = this.#roll.of(version.status?.tookOver?.uid ?? '');
      if (predecessor === undefined) continue;
      this.#consider(predecessor);
      for (const rival of this.#roll.heirsOf(predecessor)) this.waiters.lookAt(rival.metadata.uid);
    }
  }

  workerChanged(now: BurstWorker | undefined, before: BurstWorker | undefined): void {
    this.books.workerChanged(now, before);
    this.#roll.workerChanged(now, before);
    if (before !== undefined && before.metadata.uid !== now?.metadata.uid) this.#giveUp(before.metadata.uid);
    if (now !== undefined && isUnadmitted(now)) this.#take(now);
    else if (now !== undefined && isTrue(now.status?.conditions, 'Admitted')) this.#leave(now.metadata.uid);
    else if (now !== undefined) this.#giveUp(now.metadata.uid);
    for (const uid of claimants(now, before)) {
      this.#claimsChanged(uid);
      const taker = this.books.takerOf(uid);
      if (taker !== undefined) this.#claimsChanged(taker.metadata.uid);
    }
  }

  namespaceChanged(name: string): void {
    this.waiters.lookAtAll(({ metadata }) => metadata.namespace === name);
  }

  /** A server came or went that these Allocations name. */
  serverChanged(naming: readonly Allocation[]): void {
    for (const allocation of naming) {
      this.#consider(allocation);
      this.waiters.lookAt(allocation.metadata.uid);
    }
  }

  /** Allocations that wait for this pool, and since when the oldest does. */
  pendingIn(pool: string): { readonly pending: number; readonly oldestSince: string | undefined } {
    return this.waiters.pendingIn(pool, (allocation) => poolFor(allocation, this.pools));
  }

  /** What was decided was not done: the candidate is looked at again, and others may have what it was to have. */
  again(verdict: Verdict): void {
    this.#due.again(verdict);
  }

  retiring({ metadata }: BurstWorker, isAsked: boolean): void {
    if (isAsked) this.#retiring.add(metadata.uid);
    else this.#retiring.delete(metadata.uid);
  }

  /** One verdict for everybody who was not told one yet, and for everybody who fits now. */
  pass(now: Date): Verdict[] {
    const { books, waiters } = this;
    const [due, roll, registry, retiring] = [this.#due, this.#roll, this.#registry, this.#retiring];
    return passOver({ books, waiters, due, roll, registry, retiring }, now);
  }

  #consider(allocation: Allocation): void {
    if (isWaiting(allocation, this.#registry)) this.#take(allocation);
    else if (isTrue(allocation.status?.conditions, 'QuotaReserved')) this.#leave(allocation.metadata.uid);
    else this.#giveUp(allocation.metadata.uid);
  }

  /** A claim makes or unmakes a candidate, and changes what one needs. */
  #claimsChanged(uid: string): void {
    const claimant = this.#roll.of(uid);
    if (claimant === undefined) return;
    this.#consider(claimant);
    this.waiters.lookAt(uid);
    for (const heir of this.#roll.heirsOf(claimant)) this.waiters.lookAt(heir.metadata.uid);
  }

  #take(candidate: Candidate): void {
    if (!this.waiters.take(candidate)) return;
    const patience = patienceOf(candidate);
    if (patience !== undefined) this.#due.waiterAt(candidate.metadata.uid, patience);
  }

  /** It goes without having been served: what it stood in the way of, or was to have, may fit somebody else. */
  #giveUp(uid: string): void {
    const pool = this.waiters.get(uid)?.ticket?.pool.metadata.name;
    this.#leave(uid);
    if (pool !== undefined) this.#due.openPool(pool);
  }

  #leave(uid: string): void {
    this.waiters.leave(uid);
    this.#due.forgetWaiter(uid);
    this.#retiring.delete(uid);
  }
}

const isOtherPool = (now: WorkerPool, before: WorkerPool): boolean =>
  now.metadata.uid !== before.metadata.uid ||
  now.metadata.generation !== before.metadata.generation ||
  now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp;

const claimants = (...versions: (BurstWorker | undefined)[]): Set<string> =>
  new Set(versions.flatMap((version) => version?.spec.claimRef?.uid ?? []));
