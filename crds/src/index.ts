export { type Allocation, AllocationSpec, AllocationStatus, Allocations } from './allocation.ts';
export { type BurstWorker, BurstWorkerSpec, BurstWorkerStatus, BurstWorkers } from './burst-worker.ts';
export { Condition, CONDITION_TYPES, type ConditionType } from './condition.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { PRIORITIES } from './fields.ts';
export type { CustomResource, ObjectMeta } from './kind.ts';
export { type McpServer, McpServerSpec, McpServerStatus, McpServers } from './mcp-server.ts';
export { type McpServerScale, McpServerScaleSpec, McpServerScaleStatus, McpServerScales } from './mcp-server-scale.ts';
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
export { type NodeDrain, NodeDrainSpec, NodeDrainStatus, NodeDrains } from './node-drain.ts';
export { formatMemory, parseCpu, parseMemory } from './quantity.ts';
export { type Reason, REASONS } from './reasons.ts';
export { PROVIDER_TYPES, type WorkerPool, WorkerPoolSpec, WorkerPoolStatus, WorkerPools } from './worker-pool.ts';
