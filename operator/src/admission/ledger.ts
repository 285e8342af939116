import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { parseMemory } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { type Amount, atLeastNothing, milliCores, minus, NOTHING, ofWorker, plus, times } from './amount.ts';

/** What one pool has, has given away, and could give, all read from live objects (contract A1). */
export interface Ledger {
  readonly total: Amount;
  /** Never above total by our doing; limits lowered below it evict nothing. */
  readonly used: Amount;
  readonly available: Amount;
  /** Ready, claimable, free workers, those with the earliest end first. */
  readonly free: readonly BurstWorker[];
}

/** The ledger of one pool, from all its workers and all Allocations that reserve in it. */
export function ledger(pool: WorkerPool, workers: readonly BurstWorker[], allocations: readonly Allocation[]): Ledger {
  const total = limitsOf(pool);
  const promised = new Set(allocations.flatMap(chosenWorkers));
  const used = plus(usedByWorkers(workers), usedByReservations(allocations, workers));
  return {
    total,
    used,
    available: atLeastNothing(minus(total, used)),
    free: workers.filter((worker) => isFree(worker) && !promised.has(worker.metadata.name)).toSorted(soonestEnd),
  };
}

/** A pool's limits; an axis that names none is unlimited. */
export function limitsOf(pool: WorkerPool): Amount {
  const limits = pool.spec.limits;
  return {
    workers: limits?.workers ?? Number.POSITIVE_INFINITY,
    cpu: limits?.cpu === undefined ? Number.POSITIVE_INFINITY : milliCores(limits.cpu),
    memory: limits?.memory === undefined ? Number.POSITIVE_INFINITY : parseMemory(limits.memory),
  };
}

/** Admitted, and its VM not confirmed gone: it holds a slot (contracts A1, A10). */
export const holdsSlot = (worker: BurstWorker): boolean =>
  isTrue(worker.status?.conditions, 'Admitted') && !isTrue(worker.status?.conditions, 'VmGone');

/** Whether an Allocation may take this worker as it is (contract C1). */
export const isFree = (worker: BurstWorker): boolean =>
  worker.spec.claimable &&
  worker.spec.claimRef === undefined &&
  worker.metadata.deletionTimestamp === undefined &&
  worker.status?.drain === undefined &&
  isTrue(worker.status?.conditions, 'Ready');

/** Reserved by an Allocation that is not finished. */
export const reserves = (allocation: Allocation): boolean =>
  isTrue(allocation.status?.conditions, 'QuotaReserved') && !isTrue(allocation.status?.conditions, 'Finished');

/** Names of the workers this reservation rests on, free ones it chose and ones it will create alike. */
export const chosenWorkers = (allocation: Allocation): string[] =>
  reserves(allocation) ? (allocation.status?.workers ?? []).map(({ name }) => name) : [];

function usedByWorkers(workers: readonly BurstWorker[]): Amount {
  return workers.filter(holdsSlot).reduce((sum, worker) => plus(sum, amountOf(worker)), NOTHING);
}

/** What reservations hold beyond the workers that already stand for them. */
function usedByReservations(allocations: readonly Allocation[], workers: readonly BurstWorker[]): Amount {
  const standing = countBy(workers.filter(holdsSlot), (worker) => worker.spec.claimRef?.uid);
  const freeByName = new Set(workers.filter(isFree).map(({ metadata }) => metadata.name));
  return allocations.filter(reserves).reduce((sum, allocation) => {
    const reserved = allocation.status?.reserved;
    if (reserved === undefined || reserved.workers === 0) return sum;
    const chosenFree = chosenWorkers(allocation).filter((name) => freeByName.has(name)).length;
    const open = reserved.workers - (standing.get(allocation.metadata.uid) ?? 0) - chosenFree;
    return open > 0 ? plus(sum, times(perWorker(reserved), open)) : sum;
  }, NOTHING);
}

/** One worker's share of a reservation, whose cpu and memory are sums. */
const perWorker = (reserved: { workers: number; cpu: string; memory: string }): Amount => ({
  workers: 1,
  cpu: milliCores(reserved.cpu) / reserved.workers,
  memory: parseMemory(reserved.memory) / reserved.workers,
});

const amountOf = (worker: BurstWorker): Amount =>
  worker.status?.resources === undefined ? { ...NOTHING, workers: 1 } : ofWorker(worker.status.resources);

const soonestEnd = (a: BurstWorker, b: BurstWorker): number =>
  (a.status?.expiresAt ?? '').localeCompare(b.status?.expiresAt ?? '') ||
  a.metadata.name.localeCompare(b.metadata.name);

function countBy<T>(items: readonly T[], key: (item: T) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const k = key(item);
    if (k !== undefined) counts.set(k, (counts.get(k) ?? 0) + 1);
  }
  return counts;
}
