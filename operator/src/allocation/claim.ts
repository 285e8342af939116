import type { Allocation } from '@cortex/crds';
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

/** Takes a free worker as it was seen; 409 when anybody was faster. */
export async function claimWorker(kinds: Kinds, name: string, allocation: Allocation): Promise<void> {
  const worker = kinds.workers.get(name);
  if (worker === undefined || worker.spec.claimRef !== undefined) return;
  const { resourceVersion, uid } = worker.metadata;
  await kinds.workers.patch(worker, { metadata: { resourceVersion, uid }, spec: { claimRef: claimOf(allocation) } });
}
