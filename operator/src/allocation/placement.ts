import type { AllocationStatus } from '@cortex/crds';
import { TAINT } from '@cortex/crds';
import { claimMark } from './names.ts';
import { jobIdOf, type Seen, wantedWorkers } from './seen.ts';

/** What a job's pod template needs to land on its workers and nowhere else (contract C3). */
export function placementOf({
  allocation,
  pool,
}: Pick<Seen, 'allocation' | 'pool'>): NonNullable<AllocationStatus['placement']> {
  if (wantedWorkers(allocation) === 0) return { nodeSelector: {}, tolerations: [] };
  const value = claimMark(allocation.metadata.namespace ?? '', jobIdOf(allocation));
  const toleration = { key: TAINT.job, operator: 'Equal' as const, value, effect: 'NoSchedule' as const };
  return {
    nodeSelector: { [TAINT.job]: value },
    tolerations: pool?.spec.isolation === 'Shared' ? [] : [toleration],
  };
}
