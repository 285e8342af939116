import type { BurstWorker, WorkerPoolStatus } from '@cortex/crds';
import {
  type Amount,
  asQuantities,
  atLeastNothing,
  fitsIn,
  minus,
  NOTHING,
  ofWorker,
  plus,
} from '../admission/amount.ts';
import type { Ledger } from '../admission/ledger.ts';
import { insufficient } from '../admission/sentences.ts';
import { isFree } from '../admission/slots.ts';
import { type Claim, withConditions } from '../conditions.ts';
import { nodeEntries, shortened } from './nodes.ts';
import { offeredBy, requestedOf } from './offered.ts';
import { reachableClaim } from './reachability.ts';
import type { Seen } from './seen.ts';
import { breakerBlock, breakerClaim, leaksClaim } from './warnings.ts';

/** What a pool publishes: its workers by state, its capacity, who waits for it. */
export function report(seen: Seen, now: Date): WorkerPoolStatus | undefined {
  const { pool, workers, ledger, pending, oldestSince } = seen;
  if (ledger === undefined) return undefined;
  const { breaker: _before, ...status } = pool.status ?? {};
  return {
    ...status,
    ...breakerBlock(seen.breaker),
    ...(pool.spec.class === 'Permanent'
      ? permanent(seen, now)
      : { workers: counts(workers), capacity: limited(ledger) }),
    queue: { pending, ...(oldestSince === undefined ? {} : { oldestSince }) },
    conditions: withConditions(pool.status?.conditions, claims(seen, ledger), pool.metadata.generation, now),
  };
}

function counts(workers: readonly BurstWorker[]): NonNullable<WorkerPoolStatus['workers']> {
  const inPhase = (...phases: string[]) =>
    workers.filter(({ status }) => phases.includes(status?.phase ?? 'Requested')).length;
  return {
    total: workers.length,
    ready: inPhase('Ready'),
    claimed: workers.filter(({ spec }) => spec.claimRef !== undefined).length,
    warm: workers.filter(isFree).length,
    provisioning: inPhase('Requested', 'Provisioning', 'Joining'),
    draining: inPhase('Draining', 'Terminating'),
    failed: inPhase('Failed'),
  };
}

/** Its Nodes are its workers, and its capacity is what they offer. */
function permanent(seen: Seen, now: Date): Pick<WorkerPoolStatus, 'workers' | 'nodes' | 'capacity'> {
  const nodes = nodeEntries(seen, now);
  const inPhase = (...phases: string[]) => nodes.filter(({ phase }) => phases.includes(phase ?? '')).length;
  return {
    workers: { total: seen.nodes.length, ready: inPhase('Ready'), draining: inPhase('Draining', 'Drained') },
    nodes,
    capacity: capacity(offeredBy(seen.nodes), requestedOf(seen.nodes, nodes)),
  };
}

const limited = (ledger: Ledger): Capacity => capacity(ledger.total, reservedOf(ledger));

type Capacity = NonNullable<WorkerPoolStatus['capacity']>;

const capacity = (total: Amount, reserved: Amount): Capacity => ({
  total: asQuantities(total),
  reserved: asQuantities(reserved),
  available: asQuantities(atLeastNothing(minus(total, reserved))),
});

/** Free workers that anybody may claim are capacity that is still to be had. */
function reservedOf({ used, free }: Ledger): Amount {
  const claimable = free.map(({ status }) => (status?.resources ? ofWorker(status.resources) : NOTHING));
  return atLeastNothing(minus(used, claimable.reduce(plus, NOTHING)));
}

const claims = (seen: Seen, ledger: Ledger): Claim[] => [
  ready(seen),
  ...(seen.provider === undefined ? [] : [reachableClaim(seen.provider)]),
  capacityClaim(seen, ledger),
  limits(seen, ledger),
  ...(seen.pool.spec.class === 'Permanent' ? [] : [breakerClaim(seen.breaker), ...leaksClaim(seen)]),
];

function ready({ pool, nodes, notBuilt, provider, olderDefault }: Seen): Claim {
  if (notBuilt !== undefined) return { type: 'Ready', status: false, reason: 'ProviderNotBuilt', message: notBuilt };
  if (pool.metadata.deletionTimestamp !== undefined)
    return {
      type: 'Ready',
      status: false,
      reason: 'PoolDeleted',
      message: 'The pool is being deleted: it admits nothing and waits for its claimed workers',
    };
  const lacks = provider?.status === false ? 'what its provider lacks is in ProviderReachable' : undefined;
  const older = olderDefault && `WorkerPool ${olderDefault} is older and stays the default`;
  const notes = [lacks, older, shortened(nodes)].flatMap((note) => (note === undefined ? [] : `; ${note}`)).join('');
  const does = pool.spec.class === 'Permanent' ? 'The pool counts its Nodes' : 'The pool admits requests';
  return { type: 'Ready', status: true, reason: 'Ready', message: `${does}${notes}` };
}

/** Whether one more worker, be it of its smallest size, can be had. */
function capacityClaim({ pool }: Seen, { available, free }: Ledger): Claim {
  const refusals = pool.spec.sizes.map((size) => insufficient(ofWorker(size), available, 0));
  const refusal = free.length > 0 || refusals.includes(undefined) ? undefined : refusals[0];
  return refusal === undefined
    ? { type: 'CapacityAvailable', status: true, reason: 'Available', message: 'There is room for more workers' }
    : { type: 'CapacityAvailable', status: false, ...refusal };
}

const limits = ({ pool }: Seen, { total, used }: Ledger): Claim =>
  fitsIn(used, total)
    ? { type: 'LimitsRespected', status: true, reason: 'Available', message: 'Use is within spec.limits' }
    : {
        type: 'LimitsRespected',
        status: false,
        reason: 'LimitReached',
        message: `More is in use than spec.limits of WorkerPool ${pool.metadata.name} allow; nothing is evicted, nothing is admitted`,
      };

/** Whether what the pool has published counts everything that is reserved in it. */
export const publishes = (status: WorkerPoolStatus | undefined, ledger: Ledger | undefined): boolean =>
  ledger !== undefined && (status?.capacity?.reserved?.workers ?? 0) >= reservedOf(ledger).workers;
