import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { type Amount, NOTHING, ofWorker } from './amount.ts';

/** Admitted, and its VM not confirmed gone: it holds a slot (contracts A1, A10). */
export const holdsSlot = (worker: BurstWorker): boolean =>
  isAdmitted(worker) && !isTrue(worker.status?.conditions, 'VmGone');

const isAdmitted = ({ status }: BurstWorker): boolean => isTrue(status?.conditions, 'Admitted');

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

/** What each worker that this reservation rests on takes, by its name. */
export const promisesOf = (allocation: Allocation): (readonly [string, Amount])[] =>
  reserves(allocation)
    ? (allocation.status?.workers ?? []).map(({ name, cpu = '0', memory = '0' }) => [name, ofWorker({ cpu, memory })])
    : [];

/** What one name of a pool counts for. */
export interface Count {
  readonly used: Amount;
  /** Given to nobody, and not to be given away either. */
  readonly withheld: Amount;
}

const UNCOUNTED: Count = { used: NOTHING, withheld: NOTHING };

/**
 * A place counts once: as the worker that stands in it for as long as its machine may exist, and as the promise of one
 * before and after.
 */
export function countOf(worker: BurstWorker | undefined, promise: Amount | undefined, pool: WorkerPool): Count {
  if (worker !== undefined && holdsSlot(worker)) return { ...UNCOUNTED, used: slotOf(worker) };
  if (promise !== undefined) return { ...UNCOUNTED, used: promise };
  return worker !== undefined && isStray(worker) ? { ...UNCOUNTED, withheld: sizeOf(worker, pool) } : UNCOUNTED;
}

const slotOf = ({ status }: BurstWorker): Amount =>
  status?.resources === undefined ? { ...NOTHING, workers: 1 } : ofWorker(status.resources);

/**
 * Made for a reservation that is no more. It was not admitted, as far as was heard; but its admission may be under way,
 * so nobody gets its room before it is gone (contract A4).
 */
const isStray = (worker: BurstWorker): boolean => worker.spec.claimRef !== undefined && !isAdmitted(worker);

function sizeOf({ spec }: BurstWorker, pool: WorkerPool): Amount {
  const size = pool.spec.sizes.find(({ name }) => name === (spec.size ?? pool.spec.defaultSize));
  return size === undefined ? { ...NOTHING, workers: 1 } : ofWorker(size);
}
