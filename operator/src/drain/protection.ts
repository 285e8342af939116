import { parseDuration } from '@cortex/crds';
import type { Pod } from '../kube/core.ts';

/** Annotations by which a pod asks not to be evicted: ours, and those of the autoscalers users already know. */
const ASKS = ['cortex.automation/do-not-evict', 'karpenter.sh/do-not-disrupt'];
const AUTOSCALER = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
/** Cluster API's word for a pod that is to end by itself. */
const WAIT_COMPLETED = { label: 'cluster.x-k8s.io/drain', value: 'wait-completed' };

/**
 * Until when a pod asks not to be evicted, in milliseconds of the epoch (contract D6): for ever when it says `true`, or
 * for a duration from its start. What cannot be read is taken for `true`.
 */
export function protectedUntil({ metadata, status }: Pod): number {
  const { annotations = {}, labels = {} } = metadata;
  if (annotations[AUTOSCALER] === 'false' || labels[WAIT_COMPLETED.label] === WAIT_COMPLETED.value) return FOR_EVER;
  const startedAt = Date.parse(status?.startTime ?? metadata.creationTimestamp);
  return Math.max(...ASKS.map((key) => asked(annotations[key], startedAt)));
}

const FOR_EVER = Number.POSITIVE_INFINITY;

function asked(value: string | undefined, startedAt: number): number {
  if (value === undefined || value === '' || value === 'false') return 0;
  if (value === 'true') return FOR_EVER;
  try {
    return startedAt + parseDuration(value);
  } catch {
    return FOR_EVER;
  }
}
