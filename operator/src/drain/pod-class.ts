import { TAINT } from '@cortex/crds';
import type { Pod } from '../kube/core.ts';

/** How pods that nothing brings back, and pods of DaemonSets, are dealt with. */
export interface PodRules {
  readonly daemonSets: 'Skip' | 'EvictLast';
  readonly unmanagedPods: 'Evict' | 'Block';
}

/**
 * What a drain makes of a pod (contract D6): it stays, it leaves, it leaves last without being waited for,
 * it is not to be evicted before the deadline, or it is in the way.
 */
export type PodClass = 'Ignored' | 'Counted' | 'Courtesy' | 'Protected' | 'Blocking';

const MIRROR = 'kubernetes.io/config.mirror';

/** Keys by which a pod asks not to be evicted: ours and those of the autoscalers users already know. */
const DO_NOT_EVICT: Readonly<Record<string, string>> = {
  'cortex.automation/do-not-evict': 'true',
  'karpenter.sh/do-not-disrupt': 'true',
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
};
const SKIP_DRAIN = 'cluster.x-k8s.io/drain';

/** The class of a pod under these rules. */
export function classOf(pod: Pod, rules: PodRules): PodClass {
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return 'Ignored';
  if (isStatic(pod)) return 'Ignored';
  if (ownerKind(pod) === 'DaemonSet') return rules.daemonSets === 'Skip' ? 'Ignored' : 'Counted';
  if (pod.metadata.labels?.[SKIP_DRAIN] === 'skip') return 'Ignored';
  if (toleratesCordon(pod)) return 'Ignored';
  if (toleratesEverything(pod)) return 'Courtesy';
  if (pod.metadata.deletionTimestamp !== undefined) return 'Counted';
  if (isProtected(pod)) return 'Protected';
  return ownerKind(pod) === undefined && rules.unmanagedPods === 'Block' ? 'Blocking' : 'Counted';
}

/** Owned by its Node, or the mirror of a static pod: the kubelet's, not the API server's. */
const isStatic = ({ metadata }: Pod): boolean =>
  metadata.annotations?.[MIRROR] !== undefined || (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Node');

const ownerKind = ({ metadata }: Pod): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind;

/** By the key of the cordon's own taint, which has no value; tolerating the claim's taint means nothing here. */
const toleratesCordon = ({ spec }: Pod): boolean =>
  (spec.tolerations ?? []).some(
    ({ key, operator, value = '', effect }) =>
      key === TAINT.draining && keepsFromScheduling(effect) && (operator === 'Exists' || value === ''),
  );

const toleratesEverything = ({ spec }: Pod): boolean =>
  (spec.tolerations ?? []).some(
    ({ key = '', operator, effect }) => key === '' && operator === 'Exists' && keepsFromScheduling(effect),
  );

/** Of the taint that is tolerated; empty is every effect. */
const keepsFromScheduling = (effect = ''): boolean => effect === '' || effect === 'NoSchedule';

const isProtected = ({ metadata }: Pod): boolean =>
  Object.entries(DO_NOT_EVICT).some(([key, value]) => metadata.annotations?.[key] === value);

const CRITICAL = new Set(['system-cluster-critical', 'system-node-critical']);

/** When a pod leaves: the ordinary first, then daemons, the critical and those that tolerate everything last (contract D7). */
export function waveOf(pod: Pod, podClass: PodClass): number {
  if (podClass === 'Courtesy' || CRITICAL.has(pod.spec.priorityClassName ?? '')) return 2;
  return ownerKind(pod) === 'DaemonSet' ? 1 : 0;
}
