import type { Allocation, BurstWorker, McpServer, McpServerScale, NodeDrain, WorkerPool } from '@cortex/crds';
import type { Place } from '../admission/place.ts';

/** Everything of ours that a cluster holds, as it was at one moment. */
export interface World {
  readonly allocations: readonly Allocation[];
  readonly workers: readonly BurstWorker[];
  readonly pools: readonly WorkerPool[];
  readonly drains: readonly NodeDrain[];
  readonly servers: readonly McpServer[];
  readonly wishes: readonly McpServerScale[];
  /** Where an Allocation stands in the line of its pool; nowhere, once it is served. */
  readonly placeOf?: (allocation: Allocation) => Place | undefined;
}

/** Anything that can be explained. */
export type Subject = Allocation | BurstWorker | WorkerPool | NodeDrain | McpServer | McpServerScale;

export const poolOf = ({ pools }: World, name: string | undefined): WorkerPool | undefined =>
  pools.find(({ metadata }) => metadata.name === name);

/** Workers that an Allocation claims. */
export const workersOf = ({ workers }: World, { metadata }: Allocation): readonly BurstWorker[] =>
  workers.filter(({ spec }) => spec.claimRef?.uid === metadata.uid);
