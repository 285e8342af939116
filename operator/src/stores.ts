import type { Allocation, BurstWorker, McpServer, McpServerScale, NodeDrain, WorkerPool } from '@cortex/crds';
import type { Autoscaler, Service, Workload } from './kube/apps.ts';
import type { DaemonSet, Namespace, Node, Pod, PodDisruptionBudget, VolumeAttachment } from './kube/core.ts';
import type { Kind } from './kube/kind.ts';

/** Every kind the controllers read, each with its local copy and its calls. */
export interface Kinds {
  readonly allocations: Kind<Allocation>;
  readonly workers: Kind<BurstWorker>;
  readonly pools: Kind<WorkerPool>;
  readonly drains: Kind<NodeDrain>;
  readonly servers: Kind<McpServer>;
  readonly wishes: Kind<McpServerScale>;
  readonly nodes: Kind<Node>;
  readonly pods: Kind<Pod>;
  readonly namespaces: Kind<Namespace>;
  readonly budgets: Kind<PodDisruptionBudget>;
  readonly daemonSets: Kind<DaemonSet>;
  readonly attachments: Kind<VolumeAttachment>;
  readonly deployments: Kind<Workload>;
  readonly statefulSets: Kind<Workload>;
  readonly services: Kind<Service>;
  readonly autoscalers: Kind<Autoscaler>;
}

export const workloadsOf = (kinds: Kinds, kind: Workload['kind']): Kind<Workload> =>
  kind === 'Deployment' ? kinds.deployments : kinds.statefulSets;

/** By what else than its key an object is found. */
export const INDEX = {
  /** BurstWorkers by spec.claimRef.uid. */
  claimant: 'claimant',
  /** BurstWorkers by spec.pool; Allocations by status.reserved.pool. */
  pool: 'pool',
  /** Allocations whose workers are not all Ready, by the names of their workers: whoever bears one concerns them. */
  promised: 'promised',
  /** Allocations by the pool they name, `''` for the default one. */
  wanted: 'wanted',
  /** Nodes by systemUUID, BurstWorkers by UID: where the two are equal, they are one machine (contract S2). */
  machine: 'machine',
  /** Pods, NodeDrains and VolumeAttachments, by spec.nodeName. */
  node: 'node',
  /** BurstWorkers whose machine is being made, by spec.pool. */
  raising: 'raising',
  /** BurstWorkers whose Node is being emptied, by spec.pool. */
  draining: 'draining',
  /** Wishes by the UID of the Allocation that owns them. */
  owner: 'owner',
  /** Allocations by the UID of the one they took over from. */
  taken: 'taken',
  /** Allocations by namespace/name of the servers they ask for; wishes by that of the server they are about. */
  server: 'server',
  /** McpServers, pods and autoscalers by the workload they stand for, belong to or scale: `Deployment/namespace/name`. */
  workload: 'workload',
  /** PodDisruptionBudgets, McpServers and Services by namespace. */
  namespace: 'namespace',
} as const;
