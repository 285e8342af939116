import type { Allocation } from '@cortex/crds';
import type { Call } from './call.ts';
import { Failure, type FailureCode } from './failures.ts';
import { idOf } from './ids.ts';
import { conditionOf, isFinished, stateOf } from './present/allocation.ts';
import { clean } from './present/text.ts';

/** What the operator's reasons mean to a caller; any other end is `unavailable`. */
const CODE: Readonly<Record<string, FailureCode>> = {
  InsufficientWorkers: 'capacity_exhausted',
  InsufficientCPU: 'capacity_exhausted',
  InsufficientMemory: 'capacity_exhausted',
  ExceedsMaxQuota: 'capacity_exhausted',
  LimitReached: 'capacity_exhausted',
  WaitingForQuota: 'capacity_exhausted',
  QueueTimeout: 'capacity_exhausted',
  Preempted: 'capacity_exhausted',
  ServerNotFound: 'not_found',
  PoolNotFound: 'not_found',
  InvalidPool: 'invalid',
  InvalidSize: 'invalid',
};

const NEXT_STEP: Readonly<Partial<Record<FailureCode, string>>> = {
  capacity_exhausted: 'Ask for less, name another pool, wait in the queue with when_insufficient: queue, or try later.',
  not_found: 'Name something that exists: list_mcp_servers and get_capacity show what does.',
  invalid: 'Change what the message names and request anew.',
};

/** The end of an Allocation that came to nothing, as the failure of the call that asked for it; undefined while it lives. */
export function failureOf(allocation: Allocation, call: Call): Failure | undefined {
  if (stateOf(allocation) !== 'failed') return undefined;
  const { reason = '', message = 'It says no more' } = conditionOf(allocation, 'Finished') ?? {};
  const code = CODE[reason] ?? 'unavailable';
  return new Failure(code, clean(message), {
    nextStep: NEXT_STEP[code] ?? 'Request anew; if it fails again, ask whoever runs the cluster.',
    data: { allocation_id: idOf(allocation, call), status: 'failed', reason },
  });
}

/** The admission loop has decided: reserved, or ended. */
export const isDecided = (allocation: Allocation): boolean =>
  conditionOf(allocation, 'QuotaReserved')?.status === 'True' || isFinished(allocation);
