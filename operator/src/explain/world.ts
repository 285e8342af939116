import type { Allocation, BurstWorker, McpServer, McpServerScale, NodeDrain, WorkerPool } from '@cortex/crds';

/** Everything of ours that a cluster holds, as it was at one moment. */
export interface World {
  readonly allocations: readonly Allocation[];
  readonly workers: readonly BurstWorker[];
  readonly pools: readonly WorkerPool[];
  readonly drains: readonly NodeDrain[];
  readonly servers: readonly McpServer[];
  readonly wishes: readonly McpServerScale[];
}

/** Anything that can be explained. */
export type Subject = Allocation | BurstWorker | WorkerPool | NodeDrain | McpServer | McpServerScale;

export const poolOf = ({ pools }: World, name: string | undefined): WorkerPool | undefined =>
  pools.find(({ metadata }) => metadata.name === name);

/** Workers that an Allocation claims. */
export const workersOf = ({ workers }: World, { metadata }: Allocation): readonly BurstWorker[] =>
  workers.filter(({ spec }) => spec.claimRef?.uid === metadata.uid);
