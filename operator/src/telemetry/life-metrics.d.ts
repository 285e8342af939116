import type { Allocation, BurstWorker } from '@cortex/crds';
import { type Registry } from 'prom-client';
/** Hears of every change of an object, with what it is now and was before. */
export interface LifeMetrics {
  allocation(now: Allocation | undefined, before: Allocation | undefined): void;
  worker(now: BurstWorker | undefined, before: BurstWorker | undefined, at: Date): void;
  /** Read when somebody asks for the metrics. */
  counts(allocations: () => readonly Allocation[]): void;
}
/** How long the parts of lives take, and how they end. */
export declare function lifeMetrics(registers: Registry[]): LifeMetrics;
//# sourceMappingURL=life-metrics.d.ts.map
