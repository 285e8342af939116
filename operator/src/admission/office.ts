import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { hasFailed, isHeld, wantedWorkers } from '../allocation/seen.ts';
import { isTrue } from '../conditions.ts';
import { Agenda } from '../runtime/agenda.ts';
import { Books } from './books.ts';
import { type Classified, classify, type Registry } from './classify.ts';
import { serve } from './desk.ts';
import type { Ticket } from './line.ts';
import { type Catalog, defaultPool } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import { deadlineOf, refuse } from './refuse.ts';
import { Roll } from './roll.ts';
import type { Verdict } from './verdict.ts';
import { type Waiter, Waiters } from './waiters.ts';

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
  /** Pools where something may fit that did not fit before. */
  #open = new Set<string>();
  /** When time alone changes something: of a waiter by UID, of a pool by `pool/name`. */
  readonly #moments = new Agenda();
  readonly #retiring = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.books = new Books((pool) => this.#openPool(pool));
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
    return this.waiters.someFresh || this.#open.size > 0;
  }

  /** When the next pass is due for the passing of time alone, in milliseconds since the epoch. */
  get nextMoment(): number | undefined {
    return this.#moments.next;
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
    return this.waiters.pendingIn(pool, (allocation) => this.#poolFor(allocation));
  }

  /** What was decided was not done: the candidate is looked at again, and others may have what it was to have. */
  again(verdict: Verdict): void {
    const { uid } = verdict.candidate.metadata;
    this.waiters.lookAt(uid);
    const pool = poolOf(verdict) ?? this.waiters.get(uid)?.ticket?.pool.metadata.name;
    if (pool !== undefined) this.#openPool(pool);
  }

  retiring({ metadata }: BurstWorker, isAsked: boolean): void {
    if (isAsked) this.#retiring.add(metadata.uid);
    else this.#retiring.delete(metadata.uid);
  }

  /** One verdict for everybody who was not told one yet, and for everybody who fits now. */
  pass(now: Date): Verdict[] {
    for (const due of this.#moments.take(now.getTime())) {
      if (due.startsWith(POOL)) this.#openPool(due.slice(POOL.length));
      else this.waiters.lookAt(due);
    }
    const fresh = this.waiters.fresh();
    const answers = fresh.flatMap((waiter) => this.#look(waiter, now));
    const tickets = Map.groupBy(
      fresh.flatMap(({ ticket }) => ticket ?? []),
      ({ pool }) => pool.metadata.name,
    );
    const pools = new Set([...tickets.keys(), ...this.#open]);
    this.#open = new Set();
    return this.#oneHeirEach([
      ...answers,
      ...[...pools].flatMap((name) => this.#serve(name, tickets.get(name) ?? [], now)),
    ]);
  }

  /** Of several that would take over from one Allocation in the same pass the first does; the others hear of it afterwards. */
  #oneHeirEach(verdicts: readonly Verdict[]): Verdict[] {
    const taken = new Set<string>();
    return verdicts.filter((verdict) => {
      const old =
        'predecessor' in verdict && verdict.predecessor.state === 'Live' ? verdict.predecessor.allocation : undefined;
      if (old === undefined) return true;
      if (taken.has(old.metadata.uid)) this.again(verdict);
      const isFirst = !taken.has(old.metadata.uid);
      taken.add(old.metadata.uid);
      return isFirst;
    });
  }

  /** Classifies one, and answers it where no pool has to. */
  #look(waiter: Waiter, now: Date): Verdict[] {
    const { candidate } = waiter;
    const classified = classify(candidate, this.#registry, now);
    this.waiters.place(waiter, classified);
    this.#setDeadline(candidate);
    return answerTo(candidate, classified, now);
  }

  #serve(name: string, fresh: readonly Ticket[], now: Date): readonly Verdict[] {
    const book = this.books.of(name);
    const { pool, ledger } = book;
    if (pool === undefined || ledger === undefined) return [];
    const { verdicts, next } = serve(
      {
        pool,
        ledger,
        book,
        line: this.waiters.line(name),
        fresh,
        isOver: (uid) => isOver(this.#roll.of(uid)),
        isTaken: (uid) => this.books.takerOf(uid) !== undefined,
        retiring: this.#retiring,
      },
      now,
    );
    if (next !== undefined) this.#moments.add(POOL + name, next);
    return verdicts;
  }

  #consider(allocation: Allocation): void {
    if (this.#isCandidate(allocation)) this.#take(allocation);
    else if (isTrue(allocation.status?.conditions, 'QuotaReserved')) this.#leave(allocation.metadata.uid);
    else this.#giveUp(allocation.metadata.uid);
  }

  #isCandidate(allocation: Allocation): boolean {
    const { metadata, status, spec } = allocation;
    if (metadata.deletionTimestamp !== undefined || isTrue(status?.conditions, 'Finished')) return false;
    if (hasFailed(allocation) || this.books.takerOf(metadata.uid) !== undefined) return false;
    const serversExist = (spec.mcpServers ?? []).every((name) =>
      this.#registry.hasServer(`${metadata.namespace ?? ''}/${name}`),
    );
    return !isHeld({ allocation, claimed: this.#roll.claimsOf(metadata.uid), serversExist });
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
    if (this.waiters.take(candidate)) this.#setDeadline(candidate);
  }

  /** It goes without having been served: what it stood in the way of, or was to have, may fit somebody else. */
  #giveUp(uid: string): void {
    const pool = this.waiters.get(uid)?.ticket?.pool.metadata.name;
    this.#leave(uid);
    if (pool !== undefined) this.#openPool(pool);
  }

  #leave(uid: string): void {
    this.waiters.leave(uid);
    this.#moments.delete(uid);
    this.#retiring.delete(uid);
  }

  /** A job without workers waits for no pool. */
  #poolFor(allocation: Allocation): string | undefined {
    if (wantedWorkers(allocation) === 0) return undefined;
    return allocation.spec.workers?.pool ?? defaultPool(this.#registry.pools)?.metadata.name;
  }

  #setDeadline(candidate: Candidate): void {
    if (candidate.kind === 'Allocation') this.#moments.add(candidate.metadata.uid, deadlineOf(candidate).at);
  }

  #openPool(name: string): void {
    if (!this.waiters.isEmpty(name)) this.#open.add(name);
  }
}

const POOL = 'pool/';

function poolOf(verdict: Verdict): string | undefined {
  if ('pool' in verdict) return verdict.pool.metadata.name;
  return verdict.kind === 'Claim' ? verdict.workers[0]?.spec.pool : undefined;
}

function answerTo(candidate: Candidate, classified: Classified, now: Date): Verdict[] {
  switch (classified.kind) {
    case 'Ticket':
    case 'Soon':
      return [];
    case 'Refused':
      return [refuse(candidate, classified.why, now)];
    case 'Impossible':
      return [{ kind: 'Fail', candidate, ...classified.why }];
    case 'Succession':
      return candidate.kind === 'Allocation'
        ? [{ kind: 'Succeed', candidate, predecessor: classified.predecessor }]
        : [];
  }
}

/** It holds nothing that it will not give back. */
const isOver = (allocation: Allocation | undefined): boolean =>
  allocation === undefined ||
  allocation.status?.phase === 'Releasing' ||
  isTrue(allocation.status?.conditions, 'Finished');

const isUnadmitted = (worker: BurstWorker): boolean =>
  worker.metadata.deletionTimestamp === undefined &&
  worker.spec.claimRef === undefined &&
  worker.status?.phase !== 'Failed' &&
  !isTrue(worker.status?.conditions, 'Admitted');

const isOtherPool = (now: WorkerPool, before: WorkerPool): boolean =>
  now.metadata.uid !== before.metadata.uid ||
  now.metadata.generation !== before.metadata.generation ||
  now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp;

const claimants = (...versions: (BurstWorker | undefined)[]): Set<string> =>
  new Set(versions.flatMap((version) => version?.spec.claimRef?.uid ?? []));
