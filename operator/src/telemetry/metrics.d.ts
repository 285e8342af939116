import { Registry } from 'prom-client';
import { type LifeMetrics } from './life-metrics.ts';
import { type PoolMetrics } from './pool-metrics.ts';
export interface Metrics extends LifeMetrics, PoolMetrics {
  readonly registry: Registry;
  /** A call on the API server. */
  called(call: { method: string; resource: string; code: number; ms: number }): void;
  /** What the work queue of this name tells. */
  queue(name: string): {
    added(): void;
    depth(waiting: number): void;
    waited(ms: number): void;
    worked(ms: number): void;
    retried(): void;
  };
  /** What the reflector of this name tells; its ages are read when somebody asks for the metrics. */
  reflector(
    name: string,
    ages: () => {
      contactAgeMs: number;
      outageMs: number;
    },
  ): {
    listed(): void;
    restarted(): void;
  };
  /** Read when somebody asks for the metrics. */
  leader(leading: () => boolean): void;
}
/** Metrics under the names that Kubernetes controllers use, in a registry of their own. */
export declare function createMetrics(): Metrics;
//# sourceMappingURL=metrics.d.ts.map
