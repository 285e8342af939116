import type { McpServer } from '@cortex/crds';
import type { Autoscaler, Workload } from '../kube/apps.ts';
import type { Pod } from '../kube/core.ts';

/** What a workload is found by: `Deployment/namespace/name`. */
const workloadId = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ''}/${name}`;

export const idOf = ({ kind, metadata }: Workload): string => workloadId(kind, metadata.namespace, metadata.name);

export const workloadOf = ({ metadata, spec }: McpServer): string =>
  workloadId(spec.workloadRef.kind, metadata.namespace, spec.workloadRef.name);

/** The workload that an autoscaler scales. */
export const targetOf = ({ metadata, spec: { scaleTargetRef } }: Autoscaler): string =>
  workloadId(scaleTargetRef.kind, metadata.namespace, scaleTargetRef.name);

/** The workload a pod belongs to, by its controller: a ReplicaSet bears the name of its Deployment and the pod's template hash. */
export function workloadOfPod({ metadata }: Pod): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === 'StatefulSet') return workloadId(owner.kind, metadata.namespace, owner.name);
  const suffix = `-${metadata.labels?.['pod-template-hash'] ?? ''}`;
  if (owner?.kind !== 'ReplicaSet' || suffix === '-' || !owner.name.endsWith(suffix)) return undefined;
  return workloadId('Deployment', metadata.namespace, owner.name.slice(0, -suffix.length));
}

/** The API server fills in 1. */
export const replicasOf = ({ spec }: Pick<Workload, 'spec'>): number => spec.replicas ?? 1;

/** Its pods in numbers, as its own controller last counted them. */
export function countsOf({ status, metadata }: Workload): Counts {
  return {
    replicas: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    current: (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
  };
}

export interface Counts {
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  /** They were counted after the last change of the spec. */
  readonly current: boolean;
}

/** Its pods' selector as text, for the scale subresource. */
export function selectorText({ spec }: Workload): string {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector;
  const equalities = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...equalities, ...others].join(',');
}
