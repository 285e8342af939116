import type { BurstWorkerStatus } from '@cortex/crds';
import { type Claim, conditionOf, isTrue, timestamp, withConditions } from '../conditions.ts';
import { DEPARTURES, departing } from './departing.ts';
import { isMarked } from './marks.ts';
import { nodeBlock } from './node-block.ts';
import { failed, late, raising } from './raising.ts';
import {
  departureOf,
  dueDeparture,
  endingOf,
  isAdmitted,
  isFailed,
  isInitialized,
  isLate,
  isRegistered,
  type Seen,
} from './seen.ts';
import { identity } from './trouble.ts';
import { vmBlock } from './vm-block.ts';

/** What a worker says of itself, computed whole from what was seen; undefined where it has nothing to say. */
export function report(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const departure = departureOf(seen, now);
  if (departure !== undefined) return departing(seen, departure, failure, now);
  if (isFailed(seen)) return failed(seen, failure, now);
  if (!isAdmitted(seen) || seen.pool === undefined) return undefined;
  if (isStaying(seen)) return staying(seen, now);
  return isLate(seen, now) ? late(seen, failure, now) : raising(seen, failure, now);
}

/** Its Node has joined, is whole and is marked; from then on it can only be Ready or troubled. */
const isStaying = (seen: Seen): boolean =>
  isRegistered(seen) || (seen.node !== undefined && isInitialized(seen.node) && isMarked(seen.node, seen));

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
        ...suspended(seen, now),
        ...identity(seen, undefined),
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

function claimed({ worker }: Seen): Claim[] {
  const claim = worker.spec.claimRef;
  if (claim !== undefined) {
    const message = `Claimed by Allocation ${claim.namespace}/${claim.name}`;
    return [{ type: 'Claimed', status: true, reason: 'Claimed', message }];
  }
  return isTrue(worker.status?.conditions, 'Claimed')
    ? [{ type: 'Claimed', status: false, reason: 'Released', message: 'The Allocation that claimed it has ended' }]
    : [];
}

/** What an end that was taken back leaves behind: nothing, so that the next drain begins anew (contract T3). */
function undone({ worker }: Seen): Claim[] {
  const conditions = worker.status?.conditions;
  const back = { status: false, reason: 'Extended', message: 'Its end was taken back' } as const;
  return (['Cordoned', 'Drained', 'Expiring'] as const)
    .filter((type) => isTrue(conditions, type))
    .map((type) => ({ type, ...back }));
}

/** An end that deletionProtection suspends is said, or nobody would know why the slot stays taken. */
function suspended(seen: Seen, now: Date): Claim[] {
  const due = dueDeparture(seen, now);
  const was = conditionOf(seen.worker.status?.conditions, 'Expiring');
  if (due !== undefined)
    return [
      {
        type: 'Expiring',
        status: false,
        reason: 'Protected',
        message: `${DEPARTURES[due].message}; it stays until spec.deletionProtection is false, and keeps its slot`,
      },
    ];
  return was?.reason === 'Protected'
    ? [{ type: 'Expiring', status: false, reason: 'Extended', message: 'Its end was moved' }]
    : [];
}

const conditions = ({ worker }: Seen, claims: readonly Claim[], now: Date) =>
  withConditions(worker.status?.conditions, claims, worker.metadata.generation, now);

const at = (moment: number): string => timestamp(new Date(moment));
