import type { Pod, PodDisruptionBudget } from '../kube/core.ts';
import type { ObjectMeta } from '@cortex/crds';

type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];

export const owner = (kind: string): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind,
  name: 'owner',
  uid: `uid-of-${kind}`,
  controller: true,
});

export interface PodChange {
  readonly name?: string;
  readonly namespace?: string;
  readonly owners?: readonly OwnerReference[];
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly createdAt?: string;
  readonly deletionTimestamp?: string;
  readonly spec?: Partial<Pod['spec']>;
  readonly status?: Pod['status'];
}

/** A running pod of a ReplicaSet, team/web on the Node burst-1, made at 09:00:00. */
export function aPod(change: PodChange = {}): Pod {
  const { name = 'web', namespace = 'team', owners = [owner('ReplicaSet')], labels = {}, annotations = {} } = change;
  const { createdAt = '2030-01-01T09:00:00Z', deletionTimestamp, spec = {}, status = { phase: 'Running' } } = change;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      creationTimestamp: createdAt,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      labels,
      annotations,
      ownerReferences: [...owners],
    },
    spec: { nodeName: 'burst-1', containers: [], terminationGracePeriodSeconds: 30, ...spec },
    status,
  };
}

/** The budget team/web over pods labelled app=web: it needs 3 of 3, and has 2. */
export const aBudget = (status: PodDisruptionBudget['status'] = {}, resourceVersion = '1'): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: {
    name: 'web',
    namespace: 'team',
    uid: 'uid-of-budget',
    resourceVersion,
    generation: 1,
    creationTimestamp: '2030-01-01T09:00:00Z',
  },
  spec: { selector: { matchLabels: { app: 'web' } } },
  status: {
    observedGeneration: 1,
    disruptionsAllowed: 0,
    currentHealthy: 2,
    desiredHealthy: 3,
    expectedPods: 3,
    ...status,
  },
});
