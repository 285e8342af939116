import type { BurstWorkerStatus, NodeDrain } from '@cortex/crds';
import { type Claim, conditionOf, isTrue, timestamp, withConditions } from '../conditions.ts';
import { bearsCordon } from '../drain/cordon.ts';
import { DEPARTURES, dueDeparture } from './departure.ts';
import { shownEnding } from './ending.ts';
import { isMissing, isSilent } from './health.ts';
import { nodeBlock } from './node-block.ts';
import { isInitialized } from './node-state.ts';
import type { Seen } from './seen.ts';
import { identity, troubleOf } from './trouble.ts';
import { vmBlock } from './vm-block.ts';

/** What a worker says once its Node has joined. */
export function staying(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus {
  const { worker, node } = seen;
  const { drain: _undone, ...before } = worker.status ?? {};
  const ready = node !== undefined && isInitialized(node) && !isClosed(seen);
  const end = shownEnding(seen);
  return {
    ...before,
    phase: ready ? 'Ready' : 'Joining',
    ...vmBlock(seen),
    ...(node === undefined ? {} : identityOf(node)),
    ...(node === undefined ? {} : { node: nodeBlock(node) }),
    ...(ready && seen.usage !== undefined ? { usage: seen.usage } : {}),
    ...(seen.nodeDrain?.status?.drain === undefined ? {} : { drain: seen.nodeDrain.status.drain }),
    ...(end === undefined ? {} : { expiresAt: at(end.expiresAt), hardStopAt: at(end.hardStopAt) }),
    conditions: conditions(
      seen,
      [
        ...registration(seen),
        { type: 'Ready', status: ready, ...((ready ? undefined : troubleOf(seen, failure)) ?? readiness(seen, ready)) },
        ...machine(seen),
        ...claimed(seen),
        ...(seen.nodeDrain === undefined ? undone(seen) : shown(seen.nodeDrain)),
        ...suspended(seen, now),
        ...identity(seen, failure),
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

/** Somebody else keeps pods from it. */
const isClosed = ({ node, nodeDrain }: Seen): boolean =>
  node?.spec.unschedulable === true && (nodeDrain !== undefined || !bearsCordon(node));

function readiness(seen: Seen, ready: boolean): Pick<Claim, 'reason' | 'message'> {
  const { node, worker } = seen;
  if (ready) return { reason: 'Ready', message: `Node ${node?.metadata.name ?? ''} takes pods` };
  if (node === undefined)
    return { reason: 'NodeGone', message: `Node ${worker.status?.nodeName ?? ''} was deleted; it is to join again` };
  const { nodeDrain } = seen;
  if (nodeDrain !== undefined && isInitialized(node))
    return { reason: 'NodeDrain', message: `NodeDrain ${nodeDrain.metadata.name} drains Node ${node.metadata.name}` };
  return isClosed(seen) && isInitialized(node)
    ? { reason: 'NodeCordoned', message: `Node ${node.metadata.name} was cordoned; uncordon it to use it again` }
    : { reason: 'NodeNotReady', message: `Node ${node.metadata.name} is not Ready` };
}

/** A machine that is not there is asked for twice before its worker is given up (contract S7). */
function machine(seen: Seen): Claim[] {
  const said = conditionOf(seen.worker.status?.conditions, 'VmGone');
  const id = seen.checkpoint?.id ?? '';
  if (isMissing(seen)) {
    const next = seen.held ?? 'it is asked once more before the worker is given up';
    const message = `The provider does not know machine ${id}; ${next}`;
    return [{ type: 'VmGone', status: 'Unknown', reason: 'MachineLost', message }];
  }
  return said?.status === 'Unknown' && (!isSilent(seen) || seen.vm !== undefined)
    ? [{ type: 'VmGone', status: false, reason: 'VmCreated', message: `Machine ${id} is there` }]
    : [];
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

/** While a NodeDrain is there, how far it is is shown here too; its word is marked as its own. */
function shown({ metadata, status }: NodeDrain): Claim[] {
  const said = (type: 'Cordoned' | 'Drained'): Claim => {
    const { status: is = 'False', message = '' } = conditionOf(status?.conditions, type) ?? {};
    return { type, status: is === 'True', reason: 'NodeDrain', message: `NodeDrain ${metadata.name}: ${message}` };
  };
  return [said('Cordoned'), said('Drained')];
}

/** What an end that was taken back leaves behind: nothing, so that the next drain begins anew (contract T3). */
function undone({ worker }: Seen): Claim[] {
  const conditions = worker.status?.conditions;
  const back = { status: false, reason: 'Extended', message: 'Its Node is kept, and open again' } as const;
  const waited = conditionOf(conditions, 'VolumesDetached')?.reason === 'VolumesAttached';
  return (['Cordoned', 'Drained', 'Expiring', 'VolumesDetached'] as const)
    .filter((type) => isTrue(conditions, type) || (type === 'VolumesDetached' && waited))
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

/** What it says on its way back to its pool (contract C2): nothing, where it is only unmarked and goes on as it was. */
export function returning(seen: Seen, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  if (seen.pool?.spec.isolation === 'Shared' && troubleOf(seen, failure) === undefined) return undefined;
  const { blockage } = seen.drain ?? {};
  const held = blockage === undefined ? '' : `; ${blockage.message}`;
  const goes = {
    reason: 'Returning',
    message: `${DEPARTURES.Released.message}; its Node is emptied for the next${held}`,
  };
  const claim: Claim = {
    type: 'Ready',
    status: false,
    ...(troubleOf(seen, failure) ?? (goes as Pick<Claim, 'reason' | 'message'>)),
  };
  return {
    ...seen.worker.status,
    phase: 'Draining',
    conditions: conditions(seen, [claim, ...identity(seen, failure)], now),
  };
}

const conditions = ({ worker }: Seen, claims: readonly Claim[], now: Date) =>
  withConditions(worker.status?.conditions, claims, worker.metadata.generation, now);

const at = (moment: number): string => timestamp(new Date(moment));
