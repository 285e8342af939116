import { TAINT } from '@cortex/crds';
import { matches } from '../admission/label-selector.ts';
import type { Pod } from '../kube/core.ts';
import { protectedUntil } from './protection.ts';
import type { DrainRules, OrderRule } from './rules.ts';

/**
 * What a drain makes of a pod (contract D6): it stays, it leaves, it leaves last without being waited for,
 * it is not to be evicted before the deadline, or it is in the way.
 */
export type PodClass = 'Ignored' | 'Counted' | 'Courtesy' | 'Protected' | 'Blocking';

/** What a pod is judged by. `daemonSets` are the UIDs of those that exist. */
export interface Judged {
  readonly rules: Pick<DrainRules, 'daemonSets' | 'unmanagedPods' | 'order'>;
  readonly daemonSets: ReadonlySet<string>;
  readonly now: Date;
}

const MIRROR = 'kubernetes.io/config.mirror';
/** Cluster API's word for a pod that may stay. */
const SKIP_DRAIN = 'cluster.x-k8s.io/drain';

/** The class of a pod. */
export function classOf(pod: Pod, { rules, daemonSets, now }: Judged): PodClass {
  if (isTerminal(pod)) return 'Ignored';
  if (isStatic(pod)) return 'Ignored';
  if (isDaemon(pod, daemonSets) && rules.daemonSets === 'Skip') return 'Ignored';
  if (pod.metadata.labels?.[SKIP_DRAIN] === 'skip' || ruleFor(pod, rules.order)?.behavior === 'Skip') return 'Ignored';
  if (toleratesCordon(pod)) return 'Ignored';
  if (toleratesEverything(pod)) return 'Courtesy';
  if (pod.metadata.deletionTimestamp !== undefined) return 'Counted';
  if (protectedUntil(pod) > now.getTime()) return 'Protected';
  return rules.unmanagedPods === 'Block' && isUnmanaged(pod, daemonSets) ? 'Blocking' : 'Counted';
}

/** It has run to its end. */
export const isTerminal = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Owned by its Node, or the mirror of a static pod: the kubelet's, not the API server's. */
const isStatic = ({ metadata }: Pod): boolean =>
  metadata.annotations?.[MIRROR] !== undefined || (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Node');

const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Of a DaemonSet that exists: one whose DaemonSet is gone would not come back. */
function isDaemon(pod: Pod, daemonSets: ReadonlySet<string>): boolean {
  const owner = controllerOf(pod);
  return owner?.kind === 'DaemonSet' && daemonSets.has(owner.uid);
}

/** Nothing would bring it back. */
function isUnmanaged(pod: Pod, daemonSets: ReadonlySet<string>): boolean {
  const owner = controllerOf(pod);
  return owner === undefined || (owner.kind === 'DaemonSet' && !daemonSets.has(owner.uid));
}

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

const ruleFor = ({ metadata }: Pod, order: readonly OrderRule[]): OrderRule | undefined =>
  order.find(({ selector }) => matches(selector, metadata.labels ?? {}));

const CRITICAL = new Set(['system-cluster-critical', 'system-node-critical']);
const KINDS_OF_POD = 3;

/**
 * When a pod leaves (contract D7): first by the order that the pool gives it, then the ordinary before daemons, the
 * critical and those that tolerate everything last.
 */
export function waveOf(pod: Pod, podClass: PodClass, { rules, daemonSets }: Omit<Judged, 'now'>): number {
  return (ruleFor(pod, rules.order)?.order ?? 0) * KINDS_OF_POD + rankOf(pod, podClass, daemonSets);
}

function rankOf(pod: Pod, podClass: PodClass, daemonSets: ReadonlySet<string>): number {
  if (podClass === 'Courtesy' || CRITICAL.has(pod.spec.priorityClassName ?? '')) return 2;
  return isDaemon(pod, daemonSets) ? 1 : 0;
}
