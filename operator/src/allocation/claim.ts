import type { Allocation, BurstWorker } from '@cortex/crds';
import type { Kinds } from '../stores.ts';
import { jobIdOf } from './seen.ts';

/** The claim as it is copied into a worker, which outlives its claimant's text. */
export const claimOf = (allocation: Allocation) => ({
  namespace: allocation.metadata.namespace ?? '',
  name: allocation.metadata.name,
  uid: allocation.metadata.uid,
  jobId: jobIdOf(allocation),
  reclaimPolicy: allocation.spec.reclaimPolicy,
});

/** Gives a worker as it was seen to an Allocation, or to nobody; 409 when anybody was faster. */
export async function claimWorker(
  kinds: Kinds,
  worker: BurstWorker,
  allocation: Allocation | undefined,
): Promise<void> {
  const { resourceVersion, uid } = worker.metadata;
  const claimRef = allocation === undefined ? null : claimOf(allocation);
  await kinds.workers.patch(worker, { metadata: { resourceVersion, uid }, spec: { claimRef } });
}
