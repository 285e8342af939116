import type { BurstWorker, WorkerPoolStatus } from '@cortex/crds';
import { asQuantities, minus, plus, NOTHING, ofWorker, atLeastNothing } from '../admission/amount.ts';
import { type Ledger, ledger } from '../admission/ledger.ts';
import { isFree } from '../admission/slots.ts';
import { type Claim, isTrue, withConditions } from '../conditions.ts';
import type { Seen } from './decide.ts';

/** What a pool publishes: its workers by state, its capacity, who waits for it. */
export function report(seen: Seen, now: Date): WorkerPoolStatus {
  const book = ledger(seen.pool, seen.workers, seen.allocations);
  return {
    ...seen.pool.status,
    workers: counts(seen.workers),
    capacity: capacity(book),
    queue: queue(seen),
    conditions: withConditions(seen.pool.status?.conditions, claims(seen, book), seen.pool.metadata.generation, now),
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

/** Free workers that anybody may claim are capacity that is still to be had. */
function capacity({ total, used, free }: Ledger): NonNullable<WorkerPoolStatus['capacity']> {
  const claimable = free.reduce(
    (sum, { status }) => (status?.resources ? plus(sum, ofWorker(status.resources)) : sum),
    NOTHING,
  );
  const reserved = atLeastNothing(minus(used, claimable));
  return {
    total: asQuantities(total),
    reserved: asQuantities(reserved),
    available: asQuantities(atLeastNothing(minus(total, reserved))),
  };
}

function queue({ waiting }: Seen): NonNullable<WorkerPoolStatus['queue']> {
  const oldest = waiting.map(({ metadata }) => metadata.creationTimestamp).toSorted()[0];
  return { pending: waiting.length, ...(oldest === undefined ? {} : { oldestSince: oldest }) };
}

function claims(seen: Seen, book: Ledger): Claim[] {
  return [ready(seen), capacityClaim(seen, book), limits(seen, book)];
}

function ready({ pool, notBuilt, olderDefault }: Seen): Claim {
  if (notBuilt !== undefined) return { type: 'Ready', status: false, reason: 'ProviderNotBuilt', message: notBuilt };
  if (pool.metadata.deletionTimestamp !== undefined)
    return {
      type: 'Ready',
      status: false,
      reason: 'Draining',
      message: 'The pool is being deleted: it admits nothing and waits for its claimed workers',
    };
  const note = olderDefault === undefined ? '' : `; WorkerPool ${olderDefault} is older and stays the default`;
  return { type: 'Ready', status: true, reason: 'Ready', message: `The pool admits requests${note}` };
}

function capacityClaim({ pool }: Seen, { available, free }: Ledger): Claim {
  const some = free.length > 0 || available.workers > 0;
  return some
    ? { type: 'CapacityAvailable', status: true, reason: 'Available', message: 'There is room for more workers' }
    : {
        type: 'CapacityAvailable',
        status: false,
        reason: 'InsufficientWorkers',
        message: `All ${pool.spec.limits?.workers ?? 0} workers are reserved`,
      };
}

function limits({ pool }: Seen, { total, used }: Ledger): Claim {
  const over = used.workers > total.workers || used.cpu > total.cpu || used.memory > total.memory;
  return over
    ? {
        type: 'LimitsRespected',
        status: false,
        reason: 'LimitReached',
        message: `More is in use than spec.limits of WorkerPool ${pool.metadata.name} allow; nothing is evicted, nothing is admitted`,
      }
    : { type: 'LimitsRespected', status: true, reason: 'Available', message: 'Use is within spec.limits' };
}

/** Whether the reservation of this pool's Allocations is already in what the pool has published. */
export const publishes = (status: WorkerPoolStatus | undefined, reservedWorkers: number): boolean =>
  isTrue(status?.conditions, 'Ready') && (status?.capacity?.reserved?.workers ?? 0) >= reservedWorkers;
