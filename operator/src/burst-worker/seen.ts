import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import type { Plan } from '../drain/input.ts';
import type { Node } from '../kube/core.ts';
import type { Checkpoint, VmView } from '../providers/provider.ts';
import type { Stalled, Waiting } from '../runtime/outcome.ts';
import { type Ending, ending, jitter } from '../ttl/expiry.ts';

/** What became of the Allocation that claims a worker. Gone is only said after a live look (contract C2). */
export type Claimant =
  | { readonly state: 'None' | 'Gone' }
  | { readonly state: 'Live' | 'Releasing'; readonly allocation: Allocation };

/** Everything one look at a worker takes in. The provider's answers while acting are added to it. */
export interface Seen {
  readonly worker: BurstWorker;
  readonly pool: WorkerPool | undefined;
  readonly claimant: Claimant;
  /** Whether the claimant's reservation names this worker, or claimed it before its reservation was written. */
  readonly reserved: boolean;
  /** The Node whose systemUUID is this worker's UID. */
  readonly node: Node | undefined;
  /** A Node that bears the worker's name, but is another machine. */
  readonly impostor: Node | undefined;
  /** Why it is in doubt which Node this worker's machine is, or whether it may go (contract D2). */
  readonly conflict: string | undefined;
  /** What kept this look from being complete. */
  readonly trouble: Stalled | Waiting | undefined;
  /** What the provider would do, before it does anything: the write-ahead record. */
  readonly proposed: Checkpoint | undefined;
  /** What is left on the Node; only while it retires. */
  readonly drain: Plan | undefined;
  readonly cordoned: boolean;
  /** What the provider says of the machine; only when it matters. */
  vm: VmView | undefined;
  checkpoint: Checkpoint | undefined;
}

/** A worker's slot was given to it: by the admission loop, or by the reservation of its claimant. */
export const isAdmitted = (seen: Seen): boolean =>
  isTrue(seen.worker.status?.conditions, 'Admitted') || (seen.claimant.state === 'Live' && seen.reserved);

export const isLaunched = ({ worker }: Seen): boolean => isTrue(worker.status?.conditions, 'Launched');

export const isFailed = ({ worker }: Seen): boolean => worker.status?.phase === 'Failed';

export const isDeleting = ({ worker }: Seen): boolean => worker.metadata.deletionTimestamp !== undefined;

export const isRegistered = ({ worker }: Seen): boolean => isTrue(worker.status?.conditions, 'Registered');

/** Its Node is empty, and nobody has opened it to pods again. */
export const isEmptied = ({ worker, node, cordoned }: Seen): boolean =>
  node === undefined || (cordoned && isTrue(worker.status?.conditions, 'Drained'));

/** Why a worker is to go; undefined while it is to stay. */
export type Departure = 'Deleted' | 'Released' | 'Expired' | 'PoolDeleted';

export function departureOf(seen: Seen, now: Date): Departure | undefined {
  if (isDeleting(seen)) return 'Deleted';
  return seen.worker.spec.deletionProtection ? undefined : dueDeparture(seen, now);
}

/** Why its time is over, whether or not deletionProtection suspends that. */
export function dueDeparture(seen: Seen, now: Date): Exclude<Departure, 'Deleted'> | undefined {
  if (seen.claimant.state === 'Gone' || seen.claimant.state === 'Releasing') return 'Released';
  const end = endingOf(seen);
  if (end !== undefined && now.getTime() >= end.expiresAt) return 'Expired';
  const free = seen.worker.spec.claimRef === undefined;
  return free && seen.pool?.metadata.deletionTimestamp !== undefined ? 'PoolDeleted' : undefined;
}

/**
 * When a worker ends. Its ttl counts from registration, its ceiling from creation (T1); while it is claimed it lasts
 * as long as the claim needs, up to that ceiling (T2). A free one ends a little early, so that herds part (T6).
 */
export function endingOf(seen: Seen): Ending | undefined {
  const { worker, pool } = seen;
  if (pool === undefined) return asWritten(worker);
  const ttlMs = parseDuration(worker.spec.ttl ?? pool.spec.ttl.default);
  const own = ending({
    startedAt: registeredAt(seen),
    ttlMs: seen.claimant.state === 'None' ? ttlMs - jitter(worker.metadata.uid, ttlMs) : ttlMs,
    ceilingFrom: Date.parse(worker.metadata.creationTimestamp),
    ceilingMs: parseDuration(pool.spec.ttl.max),
    drainTimeoutMs: parseDuration(pool.spec.drain.timeout),
  });
  return own && stretched(own, seen);
}

/** Without its pool a worker keeps the end it was given: an end that vanished would undo a drain. */
function asWritten({ status }: BurstWorker): Ending | undefined {
  if (status?.expiresAt === undefined) return undefined;
  const expiresAt = Date.parse(status.expiresAt);
  return { expiresAt, hardStopAt: Date.parse(status.hardStopAt ?? status.expiresAt), because: 'TtlExpired' };
}

function stretched(own: Ending, { worker, pool, claimant }: Seen): Ending {
  if (pool === undefined || claimant.state !== 'Live') return own;
  const needed = claimant.allocation.status?.hardStopAt;
  const ceiling = Date.parse(worker.metadata.creationTimestamp) + parseDuration(pool.spec.ttl.max);
  // A claimant that is not Ready yet has no end to last for: only the ceiling counts.
  const expiresAt = Math.min(ceiling, needed === undefined ? ceiling : Math.max(own.expiresAt, Date.parse(needed)));
  return { ...own, expiresAt, hardStopAt: expiresAt + (own.hardStopAt - own.expiresAt) };
}

function registeredAt({ worker, node }: Seen): number | undefined {
  const written = worker.status?.registeredAt;
  if (written !== undefined) return Date.parse(written);
  return node === undefined ? undefined : Date.parse(node.metadata.creationTimestamp);
}

/** When this attempt must have led to a Ready Node. */
export function provisioningDeadline({ worker, pool }: Seen): number {
  const from = worker.status?.vm?.createdAt ?? worker.metadata.creationTimestamp;
  return Date.parse(from) + parseDuration(pool?.spec.provisioning.timeout ?? '15m');
}

/** A machine was to be made, and no Ready Node came of it in time. */
export const isLate = (seen: Seen, now: Date): boolean =>
  seen.worker.status?.vm !== undefined &&
  !isRegistered(seen) &&
  !(seen.node !== undefined && isInitialized(seen.node)) &&
  now.getTime() >= provisioningDeadline(seen);

/** The failed attempt has left nothing behind. */
export const isCleared = ({ vm, node, checkpoint }: Seen): boolean =>
  vm?.state === 'absent' && checkpoint?.seed === undefined && node === undefined;

/** Whether the pool allows another attempt after this one. */
export const mayTryAgain = ({ worker, pool }: Seen): boolean =>
  (worker.status?.vm?.attempt ?? 1) < (pool?.spec.provisioning.attempts ?? 1);

/** Kubelet answers, and the taints of a Node that is not whole yet are gone. */
export function isInitialized(node: Node): boolean {
  return answers(node) && !(node.spec.taints ?? []).some(({ key }) => UNFINISHED.has(key));
}

/** Its kubelet says that it is Ready. */
export const answers = (node: Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const UNFINISHED = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.cloudprovider.kubernetes.io/uninitialized',
]);
