import type { Allocation, BurstWorker, McpServer, McpServerScale, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { type Ending, ending } from '../ttl/expiry.ts';

/** Everything one look at an Allocation takes in. */
export interface Seen {
  readonly allocation: Allocation;
  /** The pool it reserved in or claimed from. */
  readonly pool: WorkerPool | undefined;
  /** Workers whose claimRef carries this Allocation's UID. */
  readonly claimed: readonly BurstWorker[];
  /** Workers that its reservation names and that nobody claims. */
  readonly chosen: readonly BurstWorker[];
  /** Names of claimed workers whose Node carries the claim's mark. */
  readonly marked: ReadonlySet<string>;
  readonly servers: readonly SeenServer[];
  /** Whether the pool's published capacity already counts this reservation. */
  readonly countedByPool: boolean;
}

export interface SeenServer {
  readonly name: string;
  readonly server: McpServer | undefined;
  readonly wish: McpServerScale | undefined;
}

/** Where an Allocation stands in its life, derived anew each time. */
export type Stage = 'Deleting' | 'Finished' | 'Ending' | 'Held' | 'Queued';

export function stageOf(seen: Seen, now: Date): Stage {
  const { allocation } = seen;
  if (allocation.metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (isTrue(allocation.status?.conditions, 'Finished')) return 'Finished';
  if (hasFailed(allocation)) return 'Ending';
  if (!isHeld(seen)) return 'Queued';
  return now.getTime() >= endingOf(seen).expiresAt ? 'Ending' : 'Held';
}

/**
 * It failed and gives back what it held. An end that came by time can be taken back until everything is returned
 * (contract T3); this one cannot: its reservation is withdrawn.
 */
export const hasFailed = ({ status }: Allocation): boolean =>
  status?.phase === 'Releasing' && !isTrue(status.conditions, 'QuotaReserved');

/** Capacity is its own: nothing was asked for, or it was reserved, or claims cover it (contract C1). */
export const isHeld = ({ allocation, claimed }: Pick<Seen, 'allocation' | 'claimed'>): boolean =>
  wantedWorkers(allocation) === 0 ||
  isTrue(allocation.status?.conditions, 'QuotaReserved') ||
  claimed.filter(isUsable).length >= wantedWorkers(allocation);

export const wantedWorkers = (allocation: Allocation): number => allocation.spec.workers?.count ?? 0;

export const jobIdOf = (allocation: Allocation): string => allocation.spec.jobId ?? allocation.metadata.name;

/** Counts towards the workers a job was promised. */
export const isUsable = (worker: BurstWorker): boolean =>
  worker.metadata.deletionTimestamp === undefined && worker.status?.phase !== 'Failed';

/** A worker that its job can use now: Ready, and its Node says whose it is. */
export const isServing = (seen: Seen, worker: BurstWorker): boolean =>
  isUsable(worker) && isTrue(worker.status?.conditions, 'Ready') && seen.marked.has(worker.metadata.name);

export const isRunning = ({ server }: SeenServer): boolean => server?.status?.phase === 'Running';

/** When the Allocation ends: before it was Ready only its ceiling counts (contract T1). */
export const endingOf = ({ allocation, pool }: Pick<Seen, 'allocation' | 'pool'>): Ending =>
  endingFrom(allocation, pool, allocation.status?.readyAt);

export const endingFrom = (allocation: Allocation, pool: WorkerPool | undefined, readyAt: string | undefined): Ending =>
  ending({
    startedAt: readyAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(readyAt),
    ttlMs: parseDuration(allocation.spec.ttl),
    ceilingFrom: Date.parse(allocation.status?.chainStartedAt ?? allocation.metadata.creationTimestamp),
    ceilingMs: parseDuration(allocation.spec.maxLifetime),
    drainTimeoutMs: pool === undefined ? 0 : parseDuration(pool.spec.drain.timeout),
  });
