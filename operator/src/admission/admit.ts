import type { Allocation, BurstWorker, Reason, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { isUsable } from '../allocation/seen.ts';
import { type Amount, minus, ofWorker, times } from './amount.ts';
import { holdsSlot, type Ledger, ledger } from './ledger.ts';
import { choiceFor, choiceForWorker, type Catalog, type PoolChoice, type Refusal } from './pool-choice.ts';
import { type Candidate, inOrder, isStrict } from './queue.ts';
import { exceedsLimits, insufficient } from './sentences.ts';

/** What the admission loop is to do about one candidate. */
export type Verdict =
  | { readonly kind: 'Claim'; readonly allocation: Allocation; readonly workers: readonly BurstWorker[] }
  | ({
      readonly kind: 'Reserve';
      readonly allocation: Allocation;
      readonly chosen: readonly BurstWorker[];
    } & PoolChoice)
  | ({ readonly kind: 'AdmitWorker'; readonly worker: BurstWorker } & PoolChoice)
  | ({ readonly kind: 'Wait'; readonly candidate: Candidate } & Refusal)
  | ({ readonly kind: 'Fail'; readonly candidate: Candidate } & Refusal);

export interface World extends Catalog {
  /** All of them: the waiting, the reserving and the finished. */
  readonly allocations: readonly Allocation[];
  readonly workers: readonly BurstWorker[];
}

/** One verdict for every candidate that waits, in the order of the queue, with every head that fits admitted (contract A6). */
export function admit(candidates: readonly Candidate[], world: World, now: Date): Verdict[] {
  const desks = new Map<string, Desk>();
  return completionsFirst(inOrder(candidates), world.workers).map((candidate) => {
    const choice = choose(candidate, world);
    if ('reason' in choice) return refuse(candidate, choice, now);
    const desk = deskOf(choice.pool, world, desks);
    return candidate.kind === 'Allocation'
      ? desk.serve(candidate, choice, now)
      : desk.serveWorker(candidate, choice, now);
  });
}

const choose = (candidate: Candidate, world: World): PoolChoice | Refusal =>
  candidate.kind === 'Allocation' ? choiceFor(candidate, world) : choiceForWorker(candidate, world);

/** Claims that a crash cut short are completed before anything else (contract C1). */
function completionsFirst(ordered: Candidate[], workers: readonly BurstWorker[]): Candidate[] {
  const begun = new Set(workers.map(({ spec }) => spec.claimRef?.uid));
  const isBegun = (candidate: Candidate) => begun.has(candidate.metadata.uid);
  return [...ordered.filter(isBegun), ...ordered.filter((candidate) => !isBegun(candidate))];
}

function deskOf(pool: WorkerPool, world: World, desks: Map<string, Desk>): Desk {
  const known = desks.get(pool.metadata.name);
  if (known !== undefined) return known;
  const desk = new Desk(pool, world);
  desks.set(pool.metadata.name, desk);
  return desk;
}

/** One pool within one pass: what is left of it, and who closed it. */
class Desk {
  readonly #pool: WorkerPool;
  readonly #book: Ledger;
  readonly #workers: readonly BurstWorker[];
  #available: Amount;
  #free: readonly BurstWorker[];
  #closedBy: Candidate | undefined;

  constructor(pool: WorkerPool, world: World) {
    const { name } = pool.metadata;
    this.#pool = pool;
    this.#workers = world.workers.filter(({ spec }) => spec.pool === name);
    this.#book = ledger(
      pool,
      this.#workers,
      world.allocations.filter((each) => each.status?.reserved?.pool === name),
    );
    this.#available = this.#book.available;
    this.#free = this.#book.free;
  }

  serve(allocation: Allocation, { pool, size }: PoolChoice, now: Date): Verdict {
    const count = allocation.spec.workers?.count ?? 0;
    const one = ofWorker(size);
    const beyond = exceedsLimits(times(one, count), this.#book.total);
    if (beyond !== undefined) return refuse(allocation, beyond, now);
    if (this.#closedBy !== undefined) return refuse(allocation, this.#behind(this.#closedBy, count), now);
    const mine = this.#workers.filter(
      (worker) => worker.spec.claimRef?.uid === allocation.metadata.uid && holdsSlot(worker) && isUsable(worker),
    );
    const chosen = this.#fitting(allocation, size.name, now).slice(0, Math.max(0, count - mine.length));
    const created = count - mine.length - chosen.length;
    const short = insufficient(times(one, created), this.#available, chosen.length + mine.length);
    if (short !== undefined) return this.#wait(allocation, short, now);
    this.#available = minus(this.#available, times(one, Math.max(0, created)));
    this.#free = this.#free.filter((worker) => !chosen.includes(worker));
    return created <= 0
      ? { kind: 'Claim', allocation, workers: chosen }
      : { kind: 'Reserve', allocation, chosen, pool, size };
  }

  serveWorker(worker: BurstWorker, { pool, size }: PoolChoice, now: Date): Verdict {
    const one = ofWorker(size);
    const beyond = exceedsLimits(one, this.#book.total);
    if (beyond !== undefined) return refuse(worker, beyond, now);
    if (this.#closedBy !== undefined) return refuse(worker, this.#behind(this.#closedBy, 1), now);
    const short = insufficient(one, this.#available, 0);
    if (short !== undefined) return this.#wait(worker, short, now);
    this.#available = minus(this.#available, one);
    return { kind: 'AdmitWorker', worker, pool, size };
  }

  #wait(candidate: Candidate, why: Refusal, now: Date): Verdict {
    const verdict = refuse(candidate, why, now);
    const { queue } = this.#pool.spec;
    if (verdict.kind === 'Wait' && isStrict(queue, parseDuration(queue.ageAfter), candidate, now))
      this.#closedBy = candidate;
    return verdict;
  }

  #behind(head: Candidate, requested: number): Refusal {
    const available = this.#available.workers + this.#free.length;
    const numbers = Number.isFinite(available) ? `Requested ${requested}, available ${available}, but` : '';
    return {
      reason: 'WaitingForQuota',
      message: `${numbers} ${head.kind} ${nameOf(head)} is served first`.trim(),
    };
  }

  /** Free workers of this size that can last as long as the claim needs, the earliest end first (contract C1). */
  #fitting(allocation: Allocation, size: string, now: Date): readonly BurstWorker[] {
    const until = now.getTime() + parseDuration(allocation.spec.ttl) + parseDuration(this.#pool.spec.drain.timeout);
    const longest = parseDuration(this.#pool.spec.ttl.max);
    return this.#free.filter(
      ({ spec, metadata }) => spec.size === size && Date.parse(metadata.creationTimestamp) + longest >= until,
    );
  }
}

const nameOf = ({ metadata }: Candidate): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

const FAIL_ANNOTATION = 'cortex.automation/when-insufficient';

/** Waiting, or failed at once, or failed because it waited too long (contracts A9, A12). */
function refuse(candidate: Candidate, why: Refusal, now: Date): Verdict {
  if (failsAtOnce(candidate)) return { kind: 'Fail', candidate, ...asFailure(candidate, why) };
  const deadline = queueDeadline(candidate);
  if (deadline !== undefined && now.getTime() >= deadline)
    return {
      kind: 'Fail',
      candidate,
      reason: 'QueueTimeout',
      message: `Waited ${queueTimeout(candidate)} in the queue. ${why.message}`,
    };
  return { kind: 'Wait', candidate, ...why };
}

const failsAtOnce = (candidate: Candidate): boolean =>
  candidate.kind === 'Allocation'
    ? candidate.spec.whenInsufficient === 'Fail'
    : candidate.metadata.annotations?.[FAIL_ANNOTATION] === 'Fail';

const asFailure = (candidate: Candidate, why: Refusal): Refusal =>
  candidate.kind === 'Allocation' ? why : { reason: 'LimitReached' satisfies Reason, message: why.message };

const queueTimeout = (candidate: Candidate): string =>
  candidate.kind === 'Allocation' ? candidate.spec.queueTimeout : '';

/** When a waiting Allocation gives up; hand-made workers wait for as long as they exist. */
export const queueDeadline = (candidate: Candidate): number | undefined =>
  candidate.kind === 'Allocation'
    ? Date.parse(candidate.metadata.creationTimestamp) + parseDuration(candidate.spec.queueTimeout)
    : undefined;
