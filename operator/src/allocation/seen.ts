import type { Allocation, BurstWorker, McpServer, McpServerScale, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import type { Forecast } from '../drain/forecast.ts';
import { type Ending, ending } from '../ttl/expiry.ts';

/** Everything one look at an Allocation takes in. */
export interface Seen {
  readonly allocation: Allocation;
  /** The pool it reserved in or claimed from. */
  readonly pool: WorkerPool | undefined;
  /** Workers whose claimRef carries this Allocation's UID. */
  readonly claimed: readonly BurstWorker[];
  /** Workers that its reservation names, whoever claims them. */
  readonly named: readonly BurstWorker[];
  /** Names of claimed workers whose Node carries the claim's mark. */
  readonly marked: ReadonlySet<string>;
  readonly servers: readonly SeenServer[];
  /** Whether the pool's published capacity already counts this reservation. */
  readonly countedByPool: boolean;
  readonly taker: SeenTaker | undefined;
  /** Why nothing may be destroyed now; undefined while what is seen can be trusted (contracts T7, S8). */
  readonly frozen: string | undefined;
  /** What will come of the drain at its end, once that is near. */
  readonly forecast: Forecast | undefined;
}

/** Who took over from an Allocation. */
export interface SeenTaker {
  readonly name: string;
  /** Whether the workers bear its claim, and its servers its wishes: until then what is taken over holds on to them. */
  readonly settled: boolean;
}

export interface SeenServer {
  readonly name: string;
  readonly server: McpServer | undefined;
  readonly wish: McpServerScale | undefined;
}

/** Where an Allocation stands in its life, derived anew each time. */
export type Stage = 'Deleting' | 'Finished' | 'HandedOver' | 'Ending' | 'Held' | 'Queued';

export function stageOf(seen: Seen, now: Date): Stage {
  const { allocation } = seen;
  if (allocation.metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (isTrue(allocation.status?.conditions, 'Finished')) return 'Finished';
  if (seen.taker !== undefined) return 'HandedOver';
  if (hasFailed(allocation)) return 'Ending';
  const serversExist = seen.servers.every(({ server }) => server !== undefined);
  if (!isHeld({ ...seen, serversExist })) return 'Queued';
  return isOver(seen, now) ? 'Ending' : 'Held';
}

/** An end by time is not begun while the time cannot be trusted (contract T7). */
const isOver = (seen: Seen, now: Date): boolean =>
  now.getTime() >= endingOf(seen).expiresAt &&
  (seen.frozen === undefined || seen.allocation.status?.phase === 'Releasing');

/**
 * It failed and gives back what it held. An end that came by time can be taken back until everything is returned
 * (contract T3); this one cannot: its reservation is withdrawn.
 */
export const hasFailed = ({ status }: Allocation): boolean =>
  status?.phase === 'Releasing' && !isTrue(status.conditions, 'QuotaReserved');

interface Holding extends Pick<Seen, 'allocation' | 'claimed'> {
  readonly serversExist?: boolean;
}

/** What it asks for is its own: it was reserved, or claims cover it (contract C1), or it is servers, and these exist. */
export function isHeld({ allocation, claimed, serversExist = true }: Holding): boolean {
  if (isTrue(allocation.status?.conditions, 'QuotaReserved')) return true;
  if (takesOver(allocation)) return false; // from whom is for the admission loop to say
  const wanted = wantedWorkers(allocation);
  return wanted === 0 ? serversExist : claimed.filter(isUsable).length >= wanted;
}

const takesOver = ({ spec }: Allocation): boolean => (spec.takesOver ?? '') !== '';

/** Its job has had workers to run on, its own or those it took over. */
export const hasRun = ({ status }: Allocation): boolean =>
  status?.readyAt !== undefined || status?.tookOver !== undefined;

export const wantedWorkers = (allocation: Allocation): number => allocation.spec.workers?.count ?? 0;

export const jobIdOf = (allocation: Allocation): string => allocation.spec.jobId ?? allocation.metadata.name;

/** Counts towards the workers a job was promised. */
export const isUsable = (worker: BurstWorker): boolean =>
  worker.metadata.deletionTimestamp === undefined && worker.status?.phase !== 'Failed';

/** It bears this claim; otherwise it is free, or still its predecessor's, or somebody else's. */
export const isClaimedBy = (worker: BurstWorker, { metadata }: Allocation): boolean =>
  worker.spec.claimRef?.uid === metadata.uid;

/** It is there to be claimed: free to whoever needs it, or left by the Allocation that was taken over (contract T4). */
export function isLeftTo({ metadata, spec }: BurstWorker, { status }: Allocation): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  if (spec.claimRef !== undefined) return spec.claimRef.uid === status?.tookOver?.uid;
  return spec.claimable && spec.pool === (status?.reserved?.pool ?? spec.pool);
}

/** It bears a name that this Allocation needs, and is somebody else's for as long as it exists (contract C1). */
export const isInTheWay = (worker: BurstWorker, allocation: Allocation): boolean =>
  worker.metadata.deletionTimestamp === undefined && !isClaimedBy(worker, allocation) && !isLeftTo(worker, allocation);

/** What is to be done about a worker in the way; the same words whoever finds it. */
export const nameConflict = (name: string) => ({
  reason: 'NameConflict' as const,
  message: `BurstWorker ${name} exists and is not this Allocation's; delete it to let the Allocation go on`,
});

/** A worker that its job can use now: Ready, and its Node says whose it is. */
export const isServing = (seen: Seen, worker: BurstWorker): boolean =>
  isUsable(worker) &&
  isClaimedBy(worker, seen.allocation) &&
  isTrue(worker.status?.conditions, 'Ready') &&
  seen.marked.has(worker.metadata.name);

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
