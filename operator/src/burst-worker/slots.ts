import type { BurstWorker } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { isDeleting, isFailed, isRegistered, ownDrain } from './seen.ts';

/**
 * Its Node is being emptied and takes one of the places that its pool has for that (contract D18). One whose pods are all
 * held back gives its place up and keeps its deadline.
 */
export function takesDrainSlot(worker: BurstWorker): boolean {
  const drain = ownDrain(worker);
  if (drain === undefined || isTrue(worker.status?.conditions, 'Drained')) return false;
  const { total = 0, blocked = 0 } = drain.pods ?? {};
  return total === 0 || blocked < total;
}

/** Its machine is being made, and takes one of the places that its pool has for that. */
export const takesRaiseSlot = (worker: BurstWorker): boolean =>
  worker.status?.vm !== undefined && !isRegistered({ worker }) && !isFailed({ worker }) && !isDeleting({ worker });
