export type { Allocation } from './allocation.ts';
export { AllocationSpec } from './allocation-spec.ts';
export { AllocationStatus } from './allocation-status.ts';
export type { BurstWorker } from './burst-worker.ts';
export { BurstWorkerSpec } from './burst-worker-spec.ts';
export { BurstWorkerStatus } from './burst-worker-status.ts';
export { Condition, CONDITION_TYPES, type ConditionType } from './condition.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { PRIORITIES } from './fields.ts';
export type { CustomResource, ObjectMeta } from './kind.ts';
export { kindNamed, KINDS } from './kinds.ts';
export type { McpServer } from './mcp-server.ts';
export { McpServerSpec } from './mcp-server-spec.ts';
export { McpServerStatus } from './mcp-server-status.ts';
export { type McpServerScale, McpServerScaleSpec, McpServerScaleStatus } from './mcp-server-scale.ts';
export {
  ANNOTATION,
  API_VERSION,
  CORDON_FINALIZER,
  FIELD_MANAGER,
  GROUP,
  LABEL,
  TAINT,
  VERSION,
  VM_FINALIZER,
  WORKERS_FINALIZER,
} from './names.ts';
export { type NodeDrain, NodeDrainSpec, NodeDrainStatus } from './node-drain.ts';
export { formatMemory, parseCpu, parseMemory } from './quantity.ts';
export { PROVIDER_REASONS, type Reason, REASONS } from './reasons.ts';
export { PROVIDER_TYPES } from './provider.ts';
export type { External } from './provider-external.ts';
export type { Proxmox } from './provider-proxmox.ts';
export type { Qemu } from './provider-qemu.ts';
export type { WorkerPool } from './worker-pool.ts';
export { WorkerPoolSpec } from './worker-pool-spec.ts';
export { WorkerPoolStatus } from './worker-pool-status.ts';
export { Allocations, BurstWorkers, McpServerScales, McpServers, NodeDrains, WorkerPools } from './resources.ts';
