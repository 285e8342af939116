import type { KubeObject, ResourceType } from './object.ts';

/** The parts of built-in kinds that this operator reads or writes; nothing else of them is kept in mind. */
export interface CoreCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  timeAdded?: string;
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface Node extends KubeObject {
  kind: 'Node';
  spec: { providerID?: string; unschedulable?: boolean; taints?: Taint[] };
  status?: {
    capacity?: Record<string, string>;
    allocatable?: Record<string, string>;
    conditions?: CoreCondition[];
    addresses?: { type: string; address: string }[];
    nodeInfo?: { systemUUID?: string; [key: string]: unknown };
  };
}

interface Container {
  name: string;
  image?: string;
  resources?: { requests?: Record<string, string> };
}

export interface Pod extends KubeObject {
  kind: 'Pod';
  spec: {
    nodeName?: string;
    priorityClassName?: string;
    terminationGracePeriodSeconds?: number;
    tolerations?: Toleration[];
    volumes?: {
      name: string;
      emptyDir?: unknown;
      ephemeral?: unknown;
      persistentVolumeClaim?: { claimName: string };
    }[];
    containers: Container[];
    initContainers?: (Container & { restartPolicy?: string })[];
    resources?: { requests?: Record<string, string> };
    overhead?: Record<string, string>;
  };
  status?: { phase?: string; startTime?: string; conditions?: CoreCondition[] };
}

export interface PodDisruptionBudget extends KubeObject {
  kind: 'PodDisruptionBudget';
  spec: {
    selector?: {
      matchLabels?: Record<string, string>;
      matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[];
    };
  };
  status?: {
    observedGeneration?: number;
    disruptionsAllowed?: number;
    currentHealthy?: number;
    desiredHealthy?: number;
    expectedPods?: number;
    disruptedPods?: Record<string, string>;
  };
}

export interface DaemonSet extends KubeObject {
  kind: 'DaemonSet';
}

export interface VolumeAttachment extends KubeObject {
  kind: 'VolumeAttachment';
  spec: { attacher: string; nodeName: string; source: { persistentVolumeName?: string } };
}

export interface PersistentVolumeClaim extends KubeObject {
  kind: 'PersistentVolumeClaim';
  spec: { volumeName?: string };
}

export interface Lease extends KubeObject {
  kind: 'Lease';
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    leaseTransitions?: number;
    acquireTime?: string;
    renewTime?: string;
  };
}

export interface Secret extends KubeObject {
  kind: 'Secret';
  type?: string;
  /** In base64. */
  data?: Record<string, string>;
  /** For writing only. */
  stringData?: Record<string, string>;
}

export interface ConfigMap extends KubeObject {
  kind: 'ConfigMap';
  data?: Record<string, string>;
}

export interface Namespace extends KubeObject {
  kind: 'Namespace';
  status?: { phase?: string };
}

export const Nodes: ResourceType<Node> = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };
export const Pods: ResourceType<Pod> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
export const PodDisruptionBudgets: ResourceType<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  namespaced: true,
};
export const DaemonSets: ResourceType<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  plural: 'daemonsets',
  kind: 'DaemonSet',
  namespaced: true,
};
export const VolumeAttachments: ResourceType<VolumeAttachment> = {
  group: 'storage.k8s.io',
  version: 'v1',
  plural: 'volumeattachments',
  kind: 'VolumeAttachment',
  namespaced: false,
};
export const PersistentVolumeClaims: ResourceType<PersistentVolumeClaim> = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  namespaced: true,
};
export const Namespaces: ResourceType<Namespace> = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
export const Leases: ResourceType<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
export const Secrets: ResourceType<Secret> = {
  group: '',
  version: 'v1',
  plural: 'secrets',
  kind: 'Secret',
  namespaced: true,
};
export const ConfigMaps: ResourceType<ConfigMap> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};
