import type { BurstWorkerStatus } from '@cortex/crds';
import { parseDuration, PROVIDER_REASONS } from '@cortex/crds';
import { type Claim, conditionOf, isTrue, withConditions } from '../conditions.ts';
import { drainBlock } from '../drain/block.ts';
import { detachClaims, untilDetached } from '../drain/volumes.ts';
import { DEPARTURES, type Departure } from './departure.ts';
import { detachingOf } from './detaching.ts';
import { isEmptied, ownDrain, type Seen } from './seen.ts';
import { identity, type Trouble, troubleOf } from './trouble.ts';
import { vmBlock } from './vm-block.ts';

/** What a worker says on its way down: the start, what is in the way, the end of the drain; after that only trouble. */
export function departing(
  seen: Seen,
  departure: Departure,
  failure: unknown,
  now: Date,
): BurstWorkerStatus | undefined {
  if (seen.checkpoint === undefined) return undefined;
  const trouble = troubleOf(seen, failure);
  if (isWaiting(seen) && trouble === undefined) return waiting(seen, departure, now);
  return left(seen, departure, trouble ?? frozen(seen), failure, now);
}

const left = (
  seen: Seen,
  departure: Departure,
  trouble: Trouble | undefined,
  failure: unknown,
  now: Date,
): BurstWorkerStatus | undefined =>
  isEmptied(seen) ? emptied(seen, trouble, failure, now) : draining(seen, departure, trouble, failure, now);

/** Nobody empties a Node whose machine could not be removed afterwards (contract S8). */
const frozen = ({ silent }: Seen): Trouble | undefined =>
  silent === undefined ? undefined : { reason: 'Frozen', message: silent };

/** Its turn has not come: nothing has begun, so nothing has a deadline. */
const isWaiting = (seen: Seen): boolean => !isEmptied(seen) && ownDrain(seen.worker) === undefined && !seen.mayDrain;

function waiting(seen: Seen, departure: Departure, now: Date): BurstWorkerStatus | undefined {
  const { worker, pool, silent } = seen;
  const claim = departure === 'Deleted' ? unasked(seen) : expiring(departure, silent ?? turn(worker, pool));
  if (claim === undefined) return undefined;
  return {
    ...worker.status,
    conditions: withConditions(worker.status?.conditions, [claim], worker.metadata.generation, now),
  };
}

const turn = ({ spec }: Seen['worker'], pool: Seen['pool']): string =>
  `it waits for its turn: WorkerPool ${spec.pool} drains ${pool?.spec.drain.maxConcurrent ?? 1} Nodes at a time`;

function expiring(departure: Exclude<Departure, 'Deleted'>, waits: string): Claim {
  const { reason, message } = DEPARTURES[departure];
  return { type: 'Expiring', status: true, reason, message: `${message}; ${waits}` };
}

/** Its deletion is asked for already: there is only what stands in its way. */
function unasked(seen: Seen): Claim | undefined {
  const trouble = frozen(seen);
  return trouble && { type: 'Ready', status: false, ...trouble };
}

function draining(
  seen: Seen,
  departure: Departure,
  trouble: Trouble | undefined,
  failure: unknown,
  now: Date,
): BurstWorkerStatus {
  const { worker } = seen;
  const done = isDone(seen);
  const claims = [
    ...leaving(departure, trouble),
    ...(done ? [...DONE, ...detachClaims(detachingOf(seen), now)] : undrained(seen)),
    ...(mayMove(seen) ? taken(seen) : []),
    ...identity(seen, failure),
  ];
  return {
    ...worker.status,
    ...drained(seen),
    phase: done ? phaseOf(seen, now) : 'Draining',
    ...(mayMove(seen) ? { drain: drainBlock(ownDrain(worker), seen.drain, timeoutOf(seen), now) } : {}),
    conditions: withConditions(worker.status?.conditions, claims, worker.metadata.generation, now),
  };
}

/** Nothing is left to say but which volumes are waited for, what keeps it from going, or that this is over; its absence speaks for the rest. */
function emptied(seen: Seen, trouble: Trouble | undefined, failure: unknown, now: Date): BurstWorkerStatus | undefined {
  const { worker } = seen;
  const said = conditionOf(worker.status?.conditions, 'Ready');
  const wasTroubled = said?.status === 'False' && TROUBLES.has(said.reason);
  const { vm } = vmBlock(seen);
  const moved = (['operation', 'id', 'seed'] as const).some((part) => vm?.[part] !== worker.status?.vm?.[part]);
  const volumes = detachClaims(detachingOf(seen), now).filter((claim) => isNew(claim, worker));
  const isNews = trouble !== undefined || wasTroubled || moved;
  if (!isNews && volumes.length === 0) return undefined;
  const goes: Trouble = trouble ?? { reason: 'Draining', message: 'Its machine is being removed' };
  const ready: Claim[] = isNews ? [{ type: 'Ready', status: false, ...goes }] : [];
  const claims: Claim[] = [...ready, ...volumes, ...identity(seen, failure)];
  return {
    ...worker.status,
    ...(volumes.length === 0 ? {} : { phase: phaseOf(seen, now) }),
    ...(vm === undefined ? {} : { vm }),
    conditions: withConditions(worker.status?.conditions, claims, worker.metadata.generation, now),
  };
}

/** The DELETE makes a new generation of the same worker: that alone is no news. */
function isNew({ type, status, reason, message }: Claim, { status: before }: Seen['worker']): boolean {
  const said = conditionOf(before?.conditions, type);
  return said?.status !== (status === true ? 'True' : 'False') || said.reason !== reason || said.message !== message;
}

/** Its machine goes once its pods and what they had attached are gone. */
const phaseOf = (seen: Seen, now: Date): 'Draining' | 'Terminating' =>
  untilDetached(detachingOf(seen), now) > 0 ? 'Draining' : 'Terminating';

const TROUBLES = new Set<string>([
  ...PROVIDER_REASONS,
  'Frozen',
  'IdentityConflict',
  'ProviderNotBuilt',
  'PoolNotFound',
]);

/** Which Node is drained: one that joins anew meanwhile is another, and is drained too. */
const drained = ({ node, conflict }: Seen): Pick<BurstWorkerStatus, 'nodeName' | 'nodeUID'> =>
  node === undefined || conflict !== undefined ? {} : { nodeName: node.metadata.name, nodeUID: node.metadata.uid };

/** A drain that has begun goes on; one that has not begins only when nothing is in doubt and its turn has come. */
const mayMove = (seen: Seen): boolean =>
  seen.conflict === undefined && (ownDrain(seen.worker) !== undefined || seen.mayDrain);

/** What a NodeDrain had shown here is its own no longer: from now on the worker drains by its own deadline. */
const taken = ({ worker, cordoned }: Seen): Claim[] =>
  conditionOf(worker.status?.conditions, 'Cordoned')?.reason === 'NodeDrain'
    ? [
        { type: 'Cordoned', status: cordoned, reason: 'Draining', message: 'Its Node takes no new pods' },
        { type: 'Drained', status: false, reason: 'Draining', message: 'Its pods are leaving' },
      ]
    : [];

/** Where it says so already, that was under another cordon, and is taken back first. */
const isDone = ({ worker, cordoned, drain }: Seen): boolean =>
  ownDrain(worker) !== undefined &&
  cordoned &&
  drain?.drained === true &&
  !isTrue(worker.status?.conditions, 'Drained');

const timeoutOf = ({ pool }: Seen): number => parseDuration(pool?.spec.drain.timeout ?? '10m');

function leaving(departure: Departure, trouble: Trouble | undefined): Claim[] {
  const { reason, message } = DEPARTURES[departure];
  const drains: Trouble = { reason: 'Draining', message: `${message}; its Node is being drained` };
  return [
    { type: 'Ready', status: false, ...(trouble ?? drains) },
    ...(departure === 'Deleted' ? [] : [{ type: 'Expiring' as const, status: true, reason, message }]),
  ];
}

const DONE: readonly Claim[] = [
  { type: 'Cordoned', status: true, reason: 'Draining', message: 'Its Node takes no new pods' },
  { type: 'Drained', status: true, reason: 'Drained', message: 'No pod that counts is left on its Node' },
];

/** What keeps pods from leaving, or that the Node is no longer the empty one that it was. */
function undrained({ worker, drain }: Seen): Claim[] {
  const said = conditionOf(worker.status?.conditions, 'Drained');
  if (said?.status === 'True') return ['Cordoned' as const, 'Drained' as const].map(reopened);
  if (drain?.blockage !== undefined) return [{ type: 'Drained', status: false, ...drain.blockage }];
  return said === undefined || drain === undefined
    ? []
    : [{ type: 'Drained', status: false, reason: 'Draining', message: 'Its pods are leaving' }];
}

const reopened = (type: 'Cordoned' | 'Drained'): Claim => ({
  type,
  status: false,
  reason: 'Draining',
  message: 'Its Node was uncordoned, or joined anew; it is cordoned and drained again',
});
