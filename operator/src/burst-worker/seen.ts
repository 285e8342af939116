import type { Allocation, BurstWorker, NodeDrain, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { conditionOf, isTrue } from '../conditions.ts';
import { isDrainedSince } from '../drain/cordon.ts';
import type { Plan } from '../drain/input.ts';
import type { Node } from '../kube/core.ts';
import type { Checkpoint, VmView } from '../providers/provider.ts';
import { Stalled, type Waiting } from '../runtime/outcome.ts';
import type { Usage } from '../usage/usage.ts';
import { isInitialized } from './node-state.ts';

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
  /** The API server itself says that the Node it joined as is gone (contract S11). */
  readonly nodeDeleted: boolean;
  /** What the pods of its Node request, until that was written once. */
  readonly usage: Usage | undefined;
  /** A Node that bears the worker's name, but is another machine. */
  readonly impostor: Node | undefined;
  /** Why it is in doubt which Node this worker's machine is, or whether it may go (contract D2). */
  readonly conflict: string | undefined;
  /** Why nothing may be destroyed now, whoever it is (contracts T7, S8). */
  readonly frozen: string | undefined;
  /** Why its machine could not be removed now, so that its Node must not be emptied for it (contract S8). */
  readonly silent: string | undefined;
  /** Why its machine's absence must not end it: too many of its pool are missing at once (contract S9). */
  readonly held: string | undefined;
  /** What kept this look from being complete. */
  readonly trouble: Stalled | Waiting | undefined;
  /** What the provider would do, before it does anything: the write-ahead record. */
  readonly proposed: Checkpoint | undefined;
  /** Whether it may begin to drain: only so many Nodes of a pool do at a time (contract D18). */
  readonly mayDrain: boolean;
  /** What is left on the Node; only while it is emptied. */
  readonly drain: Plan | undefined;
  /** Volumes that are left on its Node once that is empty; undefined before, and where the machine is off. */
  readonly volumes: readonly string[] | undefined;
  readonly cordoned: boolean;
  /** The NodeDrain that wants this Node cordoned, whatever becomes of the worker. */
  readonly nodeDrain: NodeDrain | undefined;
  /** What the provider says of the machine; only when it matters. */
  vm: VmView | undefined;
  checkpoint: Checkpoint | undefined;
}

/** A worker's slot was given to it: by the admission loop, or by the reservation of its claimant. */
export const isAdmitted = (seen: Seen): boolean =>
  isTrue(seen.worker.status?.conditions, 'Admitted') || (seen.claimant.state === 'Live' && seen.reserved);

export const isLaunched = ({ worker }: Pick<Seen, 'worker'>): boolean => isTrue(worker.status?.conditions, 'Launched');

export const isFailed = ({ worker }: Pick<Seen, 'worker'>): boolean => worker.status?.phase === 'Failed';

export const isDeleting = ({ worker }: Pick<Seen, 'worker'>): boolean =>
  worker.metadata.deletionTimestamp !== undefined;

export const isRegistered = ({ worker }: Pick<Seen, 'worker'>): boolean =>
  isTrue(worker.status?.conditions, 'Registered');

/** The drain of its own: what a NodeDrain does is shown in the same block, and is not it. */
export const ownDrain = ({ status }: BurstWorker): NonNullable<BurstWorker['status']>['drain'] =>
  conditionOf(status?.conditions, 'Cordoned')?.reason === 'NodeDrain' ? undefined : status?.drain;

/** Its Node, this very one, is empty by its own drain, and nobody has opened it to pods again. */
export const isEmptied = ({ worker, node }: Seen): boolean =>
  node === undefined ||
  (ownDrain(worker) !== undefined &&
    isDrainedSince(node, conditionOf(worker.status?.conditions, 'Drained')) &&
    worker.status?.nodeUID === node.metadata.uid);

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

/** A machine is reached through its pool; a pool keeps a finalizer while it has workers, so this is somebody's force. */
export function poolOf({ pool, worker }: Seen): WorkerPool {
  if (pool !== undefined) return pool;
  throw new Stalled(
    'PoolNotFound',
    `WorkerPool ${worker.spec.pool} is gone, and with it the way to the machine of BurstWorker ${worker.metadata.name}; create the pool again`,
  );
}
