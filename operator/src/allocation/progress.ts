import type { Allocation, AllocationStatus, Condition } from '@cortex/crds';
import { conditionOf, isTrue } from '../conditions.ts';
import { keyOf } from '../kube/object.ts';
import { same } from '../published.ts';

const EVERY_MS = 10_000;

/**
 * Lets changes of state through at once, and mere progress (one more worker up, a phase in a row) every ten seconds:
 * the write budget of an Allocation does not grow with the number of its workers.
 */
export class ProgressGate {
  readonly #since = new Map<string, number>();

  /** For how long this status still has to wait, in milliseconds; 0: it is written now. */
  delayMs(allocation: Allocation, status: AllocationStatus, nowMs: number): number {
    const key = keyOf(allocation);
    if (same(allocation.status, status) || !isMereProgress(allocation.status, status)) return this.forget(key);
    const since = this.#since.get(key) ?? nowMs;
    this.#since.set(key, since);
    const left = since + EVERY_MS - nowMs;
    return left > 0 ? left : this.forget(key);
  }

  forget(key: string): 0 {
    this.#since.delete(key);
    return 0;
  }
}

const isMereProgress = (before: AllocationStatus | undefined, after: AllocationStatus): boolean =>
  !isTrue(after.conditions, 'Ready') && isTrue(before?.conditions, 'QuotaReserved')
    ? same(stateOf(before), stateOf(after))
    : isOnItsWay(after) || same(stateOf(before), stateOf(after));

/** From the claims to Ready it is usually a moment, of which there is nothing to tell. */
const isOnItsWay = ({ conditions }: AllocationStatus): boolean =>
  isTrue(conditions, 'QuotaReserved') && ON_THEIR_WAY.has(conditionOf(conditions, 'Ready')?.reason ?? '');

const ON_THEIR_WAY = new Set(['Provisioning', 'ServersNotReady']);

/** What makes a status another one: not the rows, not the words, not the aspects that Ready sums up. */
function stateOf(status: AllocationStatus | undefined): unknown {
  const {
    workersReady: _workersReady,
    serversReady: _serversReady,
    workers: _workers,
    servers: _servers,
    placement: _placement,
    jobId: _jobId,
    conditions = [],
    ...rest
  } = status ?? {};
  return { ...rest, conditions: conditions.filter(({ type }) => !ASPECTS.has(type)).map(verdictOf) };
}

const ASPECTS = new Set(['WorkersReady', 'ServersReady']);

const verdictOf = ({ type, status, reason }: Condition) => ({ type, status, reason });
