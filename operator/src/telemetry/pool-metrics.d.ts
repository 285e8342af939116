import { type WorkerPool } from '@cortex/crds';
import { type Registry } from 'prom-client';
export interface PoolMetrics {
  /** Read when somebody asks for the metrics. */
  pools(list: () => readonly WorkerPool[], now: () => Date): void;
}
/** What pools publish of themselves, as numbers. */
export declare function poolMetrics(registers: Registry[]): PoolMetrics;
//# sourceMappingURL=pool-metrics.d.ts.map
