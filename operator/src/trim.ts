import { GROUP } from '@cortex/crds';
import type { Autoscaler, Service, Workload } from './kube/apps.ts';
import type { VolumeAttachment } from './kube/core.ts';
import type { KubeObject } from './kube/object.ts';

/** What is kept of built-in kinds that exist by the thousand: only what is read. */
export const trimWorkload = ({ apiVersion, kind, metadata, spec, status }: Workload): Workload => ({
  apiVersion,
  kind,
  metadata: { ...trimMeta(metadata), ...defined({ labels: metadata.labels }) },
  spec: {
    selector: spec.selector,
    template: { metadata: defined({ labels: spec.template.metadata?.labels }) },
    ...defined({ replicas: spec.replicas }),
  },
  status: defined({
    observedGeneration: status?.observedGeneration,
    replicas: status?.replicas,
    readyReplicas: status?.readyReplicas,
    availableReplicas: status?.availableReplicas,
    updatedReplicas: status?.updatedReplicas,
  }),
});

export const trimService = ({ apiVersion, kind, metadata, spec, status }: Service): Service => ({
  apiVersion,
  kind,
  metadata: trimMeta(metadata),
  spec: defined({
    type: spec.type,
    clusterIP: spec.clusterIP,
    externalName: spec.externalName,
    selector: spec.selector,
    ports: spec.ports,
  }),
  ...(status?.loadBalancer?.ingress === undefined ? {} : { status: { loadBalancer: status.loadBalancer } }),
});

export const trimAutoscaler = ({ apiVersion, kind, metadata, spec }: Autoscaler): Autoscaler => ({
  apiVersion,
  kind,
  metadata: trimMeta(metadata),
  spec: { scaleTargetRef: spec.scaleTargetRef },
});

/** Where a volume is attached, and which it is. */
export const trimAttachment = ({ apiVersion, kind, metadata, spec }: VolumeAttachment): VolumeAttachment => ({
  apiVersion,
  kind,
  metadata: trimMeta(metadata),
  spec: {
    attacher: spec.attacher,
    nodeName: spec.nodeName,
    source: defined({ persistentVolumeName: spec.source.persistentVolumeName }),
  },
});

/** Of the annotations only ours: others hold whole manifests. */
function trimMeta(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { name, uid, resourceVersion, creationTimestamp, namespace, generation, deletionTimestamp } = metadata;
  const ours = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(`${GROUP}/`));
  return {
    name,
    uid,
    resourceVersion,
    creationTimestamp,
    ...defined({ namespace, generation, deletionTimestamp }),
    ...(ours.length === 0 ? {} : { annotations: Object.fromEntries(ours) }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
