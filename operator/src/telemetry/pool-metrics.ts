import { type BurstWorker, parseCpu, parseMemory, type WorkerPool } from '@cortex/crds';
import { Gauge, type Registry } from 'prom-client';

export interface PoolMetrics {
  /** Read when somebody asks for the metrics. */
  pools(list: () => readonly WorkerPool[], now: () => Date): void;
  /** Workers whose identity is in doubt, by pool; read when somebody asks for the metrics. */
  conflicts(pools: () => readonly WorkerPool[], workers: (pool: string) => readonly BurstWorker[]): void;
  /** Read when somebody asks for the metrics. */
  leaks(counts: () => readonly { pool: string; provider: string; leaks: number }[]): void;
}

/** What pools publish of themselves, as numbers. */
export function poolMetrics(registers: Registry[]): PoolMetrics {
  const each = (name: string, help: string, labelNames: string[], tell: Tell) => (list: () => readonly WorkerPool[]) =>
    new Gauge({
      name,
      help,
      labelNames: ['pool', ...labelNames],
      registers,
      collect() {
        this.reset();
        for (const pool of list())
          for (const [labels, value] of tell(pool)) this.set({ pool: pool.metadata.name, ...labels }, value);
      },
    });
  return {
    conflicts(pools, workers) {
      const help = 'BurstWorkers whose machine or Node is not what was made; nothing of them is touched';
      const doubted: Tell = ({ metadata }) => [[{}, workers(metadata.name).filter(isDoubted).length]];
      each('cortex_identity_conflicts', help, [], doubted)(pools);
    },
    leaks: (counts) => void leakGauge(registers, counts),
    pools(list, now) {
      each('cortex_pool_workers', 'Workers of a pool by state', ['state'], workers)(list);
      each('cortex_pool_capacity', 'Workers, cores and bytes of a pool', ['resource', 'state'], capacity)(list);
      each('cortex_pool_condition', 'Whether a condition of a pool is True', ['type'], conditions)(list);
      each('cortex_queue_pending', 'Allocations that wait for a pool', [], pending)(list);
      const oldest = (pool: WorkerPool) => oldestAge(pool, now());
      each('cortex_queue_oldest_seconds', 'Age of the oldest Allocation that waits for a pool', [], oldest)(list);
    },
  };
}

const leakGauge = (registers: Registry[], counts: Parameters<PoolMetrics['leaks']>[0]): Gauge =>
  new Gauge({
    name: 'cortex_leaks',
    help: 'Machines and Nodes of this cluster that no BurstWorker claims, seen for long enough',
    labelNames: ['pool', 'provider'],
    registers,
    collect() {
      this.reset();
      for (const { pool, provider, leaks } of counts()) this.set({ pool, provider }, leaks);
    },
  });

const isDoubted = ({ status }: BurstWorker): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'IdentityConflict' && is === 'True') ?? false;

type Tell = (pool: WorkerPool) => [labels: Record<string, string>, value: number][];

const workers: Tell = ({ status }) =>
  Object.entries(status?.workers ?? {}).map(([state, count]) => [{ state }, count ?? 0]);

/** What nothing limits has no number. */
const capacity: Tell = ({ status }) =>
  Object.entries(status?.capacity ?? {}).flatMap(([state, amount]) =>
    Object.entries(UNITS).flatMap(([resource, unit]) => {
      const quantity = amount?.[resource as keyof typeof UNITS];
      return quantity === undefined ? [] : [[{ resource, state }, unit(String(quantity))] as [Labels, number]];
    }),
  );

type Labels = Record<string, string>;

const UNITS = { workers: Number, cpu: parseCpu, memory: parseMemory } as const;

const conditions: Tell = ({ status }) =>
  (status?.conditions ?? []).map(({ type, status: is }) => [{ type }, Number(is === 'True')]);

const pending: Tell = ({ status }) => [[{}, status?.queue?.pending ?? 0]];

const oldestAge = ({ status }: WorkerPool, now: Date): [Labels, number][] => {
  const since = status?.queue?.oldestSince;
  return [[{}, since === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(since)) / 1000)]];
};
