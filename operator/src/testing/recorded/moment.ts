import type { Allocation, BurstWorker, McpServer, McpServerScale, NodeDrain, WorkerPool } from '@cortex/crds';

/** An object at one moment of its life, as the operator itself describes it, and what a delivery tool should make of it. */
export interface Recorded {
  readonly title: string;
  readonly object: Allocation | BurstWorker | McpServer | McpServerScale | NodeDrain | WorkerPool;
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
}

export const of = (title: string, object: Recorded['object'], health: Recorded['health']): Recorded => ({
  title,
  object,
  health,
});
