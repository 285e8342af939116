import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { WORKERS_FINALIZER } from '@cortex/crds';

/** Everything one look at a pool takes in. */
export interface Seen {
  readonly pool: WorkerPool;
  readonly workers: readonly BurstWorker[];
  /** Allocations that reserve in this pool. */
  readonly allocations: readonly Allocation[];
  /** Allocations that wait for this pool. */
  readonly waiting: readonly Allocation[];
  /** Why no worker of it can be made by this build, if so. */
  readonly notBuilt: string | undefined;
  /** Another pool that also says default: true and is older. */
  readonly olderDefault: string | undefined;
}

export type Action = { readonly kind: 'AddFinalizer' } | { readonly kind: 'RemoveFinalizer' };

/** A pool holds its finalizer from before its first worker until its last is gone. */
export function decide({ pool, workers }: Seen): { actions: readonly Action[] } {
  const held = pool.metadata.finalizers?.includes(WORKERS_FINALIZER) ?? false;
  if (pool.metadata.deletionTimestamp === undefined)
    return { actions: held || pool.spec.class === 'Permanent' ? [] : [{ kind: 'AddFinalizer' }] };
  return { actions: held && workers.length === 0 ? [{ kind: 'RemoveFinalizer' }] : [] };
}
