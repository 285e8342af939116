import type { Allocation, AllocationStatus } from '@cortex/crds';
import { keyOf } from '../kube/object.ts';
import { same } from '../published.ts';

const EVERY_MS = 10_000;

/**
 * Lets changes of state through at once, and mere progress (one more worker up, a phase in a row) every ten seconds:
 * the write budget of an Allocation does not grow with the number of its workers.
 */
export class ProgressGate {
  readonly #since = new Map<string, number>();

  admits(allocation: Allocation, status: AllocationStatus, now: Date): boolean {
    const key = keyOf(allocation);
    if (!isMereProgress(allocation.status, status)) {
      this.#since.delete(key);
      return true;
    }
    const since = this.#since.get(key) ?? now.getTime();
    this.#since.set(key, since);
    if (now.getTime() - since < EVERY_MS) return false;
    this.#since.delete(key);
    return true;
  }
}

const isMereProgress = (before: AllocationStatus | undefined, after: AllocationStatus): boolean =>
  before !== undefined && same(withoutProgress(before), withoutProgress(after));

const withoutProgress = ({
  workersReady: _w,
  serversReady: _s,
  workers: _rows,
  servers: _servers,
  placement: _p,
  ...rest
}: AllocationStatus) => rest;
