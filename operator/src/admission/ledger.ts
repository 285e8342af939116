import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { type Amount, atLeastNothing, bytes, milliCores, minus, most, NOTHING, plus } from './amount.ts';
import { countOf, isFree, promisesOf } from './slots.ts';

/** What one pool has, has given away, and could give, all read from live objects (contract A1). */
export interface Ledger {
  readonly total: Amount;
  /** Never above total by our doing; limits lowered below it evict nothing. */
  readonly used: Amount;
  readonly available: Amount;
  /** Ready, claimable, free workers, those with the earliest end first. */
  readonly free: readonly BurstWorker[];
}

/** The ledger of one pool, from scratch: from all its workers and all Allocations that reserve in it or took over from those. */
export function ledger(pool: WorkerPool, workers: readonly BurstWorker[], allocations: readonly Allocation[]): Ledger {
  const promises = standingPromises(pool, allocations);
  const byName = new Map(workers.map((worker) => [worker.metadata.name, worker]));
  const counts = [...new Set([...byName.keys(), ...promises.keys()])].map((name) =>
    countOf(byName.get(name), promises.get(name), pool),
  );
  const used = counts.map((count) => count.used).reduce(plus, NOTHING);
  const withheld = counts.map((count) => count.withheld).reduce(plus, NOTHING);
  return entry(
    pool,
    used,
    withheld,
    workers.filter((worker) => isFree(worker) && !promises.has(worker.metadata.name)),
  );
}

/** A pool's line in the ledger, from what its names count for. */
export function entry(pool: WorkerPool, used: Amount, withheld: Amount, free: readonly BurstWorker[]): Ledger {
  const total = limitsOf(pool);
  return {
    total,
    used,
    available: atLeastNothing(minus(total, plus(used, withheld))),
    free: free.toSorted(soonestEnd),
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

/** By name; of an Allocation that was taken over nothing is left (contract T4). */
function standingPromises(pool: WorkerPool, allocations: readonly Allocation[]): ReadonlyMap<string, Amount> {
  const taken = new Set(allocations.map(({ status }) => status?.tookOver?.uid));
  const standing = allocations.filter(
    ({ metadata, status }) => status?.reserved?.pool === pool.metadata.name && !taken.has(metadata.uid),
  );
  const promises = new Map<string, Amount>();
  for (const [name, amount] of standing.flatMap(promisesOf))
    promises.set(name, most(amount, promises.get(name) ?? NOTHING));
  return promises;
}

const soonestEnd = (a: BurstWorker, b: BurstWorker): number =>
  compare(a.status?.expiresAt ?? '', b.status?.expiresAt ?? '') || compare(a.metadata.name, b.metadata.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
