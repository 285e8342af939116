import {
  type Allocation,
  Allocations,
  type BurstWorker,
  BurstWorkers,
  type McpServer,
  type McpServerScale,
  McpServerScales,
  McpServers,
  type NodeDrain,
  NodeDrains,
  type ObjectMeta,
  type WorkerPool,
  WorkerPools,
} from '@cortex/crds';

/** All that the facade ever reads. */
export const KINDS = {
  allocations: Allocations,
  workers: BurstWorkers,
  pools: WorkerPools,
  drains: NodeDrains,
  servers: McpServers,
  wishes: McpServerScales,
} as const;

export interface Objects {
  allocations: Allocation;
  workers: BurstWorker;
  pools: WorkerPool;
  drains: NodeDrain;
  servers: McpServer;
  wishes: McpServerScale;
}

export type KindName = keyof Objects;

/** All that it ever creates, and all that it ever deletes. */
export type Creatable = 'allocations' | 'workers' | 'drains' | 'wishes';
export type Deletable = 'allocations' | 'workers';

/** An object as it is created: the API server fills the rest. */
export interface Draft<K extends Creatable> {
  readonly metadata: Pick<ObjectMeta, 'name'> & Partial<Pick<ObjectMeta, 'namespace' | 'labels' | 'annotations'>>;
  readonly spec: Partial<Objects[K]['spec']>;
}
