import { allocations, pools } from './recorded/lending.ts';
import { drains, workers } from './recorded/machines.ts';
import type { Recorded } from './recorded/moment.ts';
import { servers, wishes } from './recorded/serving.ts';

/** Moments of every phase of every kind. */
export const recorded = {
  Allocation: allocations,
  BurstWorker: workers,
  McpServer: servers,
  McpServerScale: wishes,
  NodeDrain: drains,
  WorkerPool: pools,
} as const satisfies Record<Recorded['object']['kind'], readonly Recorded[]>;
