import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { type Amount, atLeastNothing, bytes, milliCores, minus, NOTHING, ofWorker, plus } from './amount.ts';

/** What one pool has, has given away, and could give, all read from live objects (contract A1). */
export interface Ledger {
  readonly total: Amount;
  /** Never above total by our doing; limits lowered below it evict nothing. */
  readonly used: Amount;
  readonly available: Amount;
  /** Ready, claimable, free workers, those with the earliest end first. */
  readonly free: readonly BurstWorker[];
}

/**
 * The ledger of one pool, from all its workers and all Allocations that reserve in it. A place counts once: as the worker
 * that stands in it for as long as its machine may exist, and as the promise of one before and after.
 */
export function ledger(pool: WorkerPool, workers: readonly BurstWorker[], allocations: readonly Allocation[]): Ledger {
  const total = limitsOf(pool);
  const promises = promisesOf(allocations);
  const slots = new Set(workers.filter(holdsSlot).map(({ metadata }) => metadata.name));
  const open = [...promises].filter(([name]) => !slots.has(name)).map(([, amount]) => amount);
  const used = sum([...workers.filter(holdsSlot).map(slotOf), ...open]);
  const strays = workers.filter((worker) => isStray(worker, promises)).map((worker) => strayOf(worker, pool));
  return {
    total,
    used,
    available: atLeastNothing(minus(total, plus(used, sum(strays)))),
    free: workers.filter((worker) => isFree(worker) && !promises.has(worker.metadata.name)).toSorted(soonestEnd),
  };
}

/** A pool's limits; an axis that names none is unlimited. */
function limitsOf(pool: WorkerPool): Amount {
  const limits = pool.spec.limits;
  return {
    workers: limits?.workers ?? Number.POSITIVE_INFINITY,
    cpu: limits?.cpu === undefined ? Number.POSITIVE_INFINITY : milliCores(limits.cpu),
    memory: limits?.memory === undefined ? Number.POSITIVE_INFINITY : bytes(limits.memory),
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

/** What each worker that is promised takes, by its name; of an Allocation that was taken over nothing is left (contract T4). */
function promisesOf(allocations: readonly Allocation[]): ReadonlyMap<string, Amount> {
  const taken = new Set(allocations.filter(reserves).map(({ status }) => status?.tookOver?.uid));
  const standing = allocations.filter((each) => reserves(each) && !taken.has(each.metadata.uid));
  return new Map(
    standing.flatMap(({ status }) =>
      (status?.workers ?? []).map(({ name, cpu = '0', memory = '0' }) => [name, ofWorker({ cpu, memory })] as const),
    ),
  );
}

const slotOf = (worker: BurstWorker): Amount =>
  worker.status?.resources === undefined ? { ...NOTHING, workers: 1 } : ofWorker(worker.status.resources);

/**
 * Made for a reservation that is no more. It was not admitted, as far as was heard; but its admission may be under way,
 * so nobody gets its room before it is gone (contract A4).
 */
const isStray = (worker: BurstWorker, promises: ReadonlyMap<string, Amount>): boolean =>
  worker.spec.claimRef !== undefined && !isAdmitted(worker) && !promises.has(worker.metadata.name);

const isAdmitted = ({ status }: BurstWorker): boolean => isTrue(status?.conditions, 'Admitted');

function strayOf({ spec }: BurstWorker, pool: WorkerPool): Amount {
  const size = pool.spec.sizes.find(({ name }) => name === (spec.size ?? pool.spec.defaultSize));
  return size === undefined ? { ...NOTHING, workers: 1 } : ofWorker(size);
}

const sum = (amounts: readonly Amount[]): Amount => amounts.reduce(plus, NOTHING);

const soonestEnd = (a: BurstWorker, b: BurstWorker): number =>
  compare(a.status?.expiresAt ?? '', b.status?.expiresAt ?? '') || compare(a.metadata.name, b.metadata.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
