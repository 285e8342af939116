import type { Leaks } from './orphans/leaks.ts';
import { INDEX, type Kinds } from './stores.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** Lets the metrics see objects live and end. Only the leader tells, so that a sum over replicas counts everything once. */
export function measure(kinds: Kinds, leaks: Leaks, metrics: Metrics, leading: () => boolean, now: () => Date): void {
  kinds.allocations.store.onChange((_key, object, before) => {
    if (leading()) metrics.allocation(object, before);
  });
  kinds.workers.store.onChange((_key, object, before) => {
    if (leading()) metrics.worker(object, before, now());
  });
  metrics.counts(() => (leading() ? kinds.allocations.store.list() : []));
  metrics.conflicts(
    () => (leading() ? kinds.pools.store.list() : []),
    (pool) => kinds.workers.store.byIndex(INDEX.pool, pool),
  );
  metrics.leaks(() => (leading() ? leaks.counts() : []));
  metrics.pools(() => (leading() ? kinds.pools.store.list() : []), now);
}
