import type { BurstWorkerStatus } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Claim, isTrue, timestamp, withConditions } from '../conditions.ts';
import { Stalled } from '../runtime/outcome.ts';
import { departing } from './departing.ts';
import { isMarked } from './marks.ts';
import { nodeBlock } from './node-block.ts';
import {
  departureOf,
  endingOf,
  isAdmitted,
  isFailed,
  isInitialized,
  isLaunched,
  provisioningDeadline,
  type Seen,
} from './seen.ts';

/** What a worker says of itself, computed whole from what was seen; undefined where it has nothing to say. */
export function report(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const departure = departureOf(seen, now);
  if (departure !== undefined) return departing(seen, departure, now);
  if (isFailed(seen) || !isAdmitted(seen) || seen.pool === undefined) return undefined;
  if (seen.impostor !== undefined && !isTrue(seen.worker.status?.conditions, 'Registered'))
    return conflicting(seen, seen.impostor.metadata.name, now);
  if (isStaying(seen)) return staying(seen, now);
  return now.getTime() >= provisioningDeadline(seen) ? late(seen, now) : raising(seen, failure, now);
}

/** Its Node has joined, is whole and is marked; from then on it can only be Ready or troubled. */
const isStaying = (seen: Seen): boolean =>
  isTrue(seen.worker.status?.conditions, 'Registered') ||
  (seen.node !== undefined && isInitialized(seen.node) && isMarked(seen.node, seen));

function raising(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus {
  const { status } = seen.worker;
  const launched =
    isLaunched(seen) || (seen.vm !== undefined && seen.vm.state !== 'absent' && seen.vm.state !== 'unknown');
  const trouble = failure instanceof Stalled ? failure : undefined;
  const why =
    trouble === undefined
      ? {
          reason: 'Provisioning' as const,
          message: launched ? 'The machine exists; its Node is to join' : 'The machine is being made',
        }
      : { reason: 'ProviderError' as const, message: trouble.message };
  return {
    ...status,
    phase: launched ? 'Joining' : 'Provisioning',
    resources: status?.resources ?? resourcesOf(seen),
    ...vmBlock(seen),
    conditions: conditions(
      seen,
      [
        { type: 'Admitted', status: true, reason: 'Admitted', message: 'Its slot is reserved' },
        ...(launched
          ? [
              {
                type: 'Launched' as const,
                status: true,
                reason: 'VmCreated' as const,
                message: `Machine ${seen.checkpoint?.id ?? ''} exists`,
              },
            ]
          : []),
        { type: 'Ready', status: false, ...why },
      ],
      now,
    ),
  };
}

function staying(seen: Seen, now: Date): BurstWorkerStatus {
  const { worker, node } = seen;
  const { drain: _undone, ...before } = worker.status ?? {};
  const ready = node !== undefined && isInitialized(node);
  const end = endingOf(seen);
  return {
    ...before,
    phase: ready ? 'Ready' : 'Joining',
    ...vmBlock(seen),
    ...(node === undefined ? {} : identityOf(node)),
    ...(node === undefined ? {} : { node: nodeBlock(node) }),
    ...(end === undefined ? {} : { expiresAt: at(end.expiresAt), hardStopAt: at(end.hardStopAt) }),
    conditions: conditions(
      seen,
      [
        ...registration(seen),
        { type: 'Ready', status: ready, ...readiness(seen, ready) },
        ...claimed(seen),
        ...undone(seen),
      ],
      now,
    ),
  };
}

const identityOf = (node: NonNullable<Seen['node']>) => ({
  nodeName: node.metadata.name,
  nodeUID: node.metadata.uid,
  systemUUID: node.status?.nodeInfo?.systemUUID ?? '',
  registeredAt: node.metadata.creationTimestamp,
});

const registration = ({ node }: Seen): Claim[] =>
  node === undefined
    ? []
    : [
        { type: 'Launched', status: true, reason: 'VmCreated', message: 'The machine exists' },
        {
          type: 'Registered',
          status: true,
          reason: 'NodeJoined',
          message: `Node ${node.metadata.name} is this machine`,
        },
        {
          type: 'Initialized',
          status: isInitialized(node),
          reason: isInitialized(node) ? 'NodeReady' : 'NodeNotReady',
          message: `Node ${node.metadata.name} ${isInitialized(node) ? 'is whole' : 'is not whole'}`,
        },
      ];

function readiness({ node, worker }: Seen, ready: boolean): Pick<Claim, 'reason' | 'message'> {
  if (ready) return { reason: 'Ready', message: `Node ${node?.metadata.name ?? ''} takes pods` };
  return node === undefined
    ? { reason: 'NodeGone', message: `Node ${worker.status?.nodeName ?? ''} was deleted while its machine runs` }
    : { reason: 'NodeNotReady', message: `Node ${node.metadata.name} is not Ready` };
}

const claimed = ({ worker }: Seen): Claim[] =>
  worker.spec.claimRef === undefined
    ? []
    : [
        {
          type: 'Claimed',
          status: true,
          reason: 'Claimed',
          message: `Claimed by Allocation ${worker.spec.claimRef.namespace}/${worker.spec.claimRef.name}`,
        },
      ];

/** What an expiry that was taken back leaves behind: nothing (contract T3). */
const undone = ({ worker }: Seen): Claim[] =>
  worker.status?.drain === undefined
    ? []
    : [
        { type: 'Cordoned', status: false, reason: 'Extended', message: 'Its expiry was taken back' },
        { type: 'Expiring', status: false, reason: 'Extended', message: 'Its expiry was taken back' },
      ];

function late(seen: Seen, now: Date): BurstWorkerStatus {
  const timeout = seen.pool?.spec.provisioning.timeout ?? '';
  const message = `No Ready Node within ${timeout} (spec.provisioning.timeout of WorkerPool ${seen.worker.spec.pool})`;
  return {
    ...seen.worker.status,
    phase: 'Failed',
    conditions: conditions(seen, [{ type: 'Ready', status: false, reason: 'ProvisioningFailed', message }], now),
  };
}

function conflicting(seen: Seen, node: string, now: Date): BurstWorkerStatus {
  const message = `Node ${node} bears this worker's name but is another machine; rename or remove it, nothing of it is touched`;
  return {
    ...seen.worker.status,
    conditions: conditions(
      seen,
      [
        { type: 'IdentityConflict', status: true, reason: 'IdentityConflict', message },
        { type: 'Ready', status: false, reason: 'IdentityConflict', message },
      ],
      now,
    ),
  };
}

/** The checkpoint as it is persisted: before the call it describes, and whenever an answer changed what to call next. */
function vmBlock({ worker, checkpoint, proposed, vm }: Seen): Pick<BurstWorkerStatus, 'vm'> {
  const known = checkpoint ?? proposed;
  if (known === undefined) return {};
  const { state: before } = worker.status?.vm ?? {};
  const state = before ?? vm?.state;
  return { vm: { ...known, ...(state === undefined ? {} : { state }) } };
}

/** A size is resolved once; a later edit of the pool changes nothing of this worker. */
function resourcesOf({ worker, pool }: Seen): NonNullable<BurstWorkerStatus['resources']> {
  const size = pool?.spec.sizes.find(({ name }) => name === (worker.spec.size ?? pool.spec.defaultSize));
  return { cpu: size?.cpu ?? '0', memory: size?.memory ?? '0', disk: size?.disk ?? '0' };
}

const conditions = ({ worker }: Seen, claims: readonly Claim[], now: Date) =>
  withConditions(worker.status?.conditions, claims, worker.metadata.generation, now);

const at = (moment: number): string => timestamp(new Date(moment));

/** When the drain of a retiring worker is forced, counted from its start (contract D12). */
export const drainDeadline = ({ pool }: Seen, startedAt: Date): string =>
  at(startedAt.getTime() + parseDuration(pool?.spec.drain.timeout ?? '10m'));
