import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type LifeMetrics, lifeMetrics } from './life-metrics.ts';
import { type PoolMetrics, poolMetrics } from './pool-metrics.ts';
import { type ProviderMetrics, providerMetrics } from './provider-metrics.ts';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface Metrics extends LifeMetrics, PoolMetrics, ProviderMetrics {
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
    ages: () => { contactAgeMs: number; outageMs: number },
  ): { listed(): void; restarted(): void };
  /** How many pools' ledgers were not what they are from scratch when they were compared last. */
  drifted(pools: number): void;
  /** Read when somebody asks for the metrics. */
  leader(leading: () => boolean): void;
}

/** Metrics under the names that Kubernetes controllers use, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  return {
    registry,
    ...callMetrics(registers),
    ...queueMetrics(registers),
    ...reflectorMetrics(registers),
    ...auditMetrics(registers),
    ...lifeMetrics(registers),
    ...poolMetrics(registers),
    ...providerMetrics(registers),
    leader: (leading) => void gauge(registers, 'cortex_leader', 'Whether this replica leads', () => Number(leading())),
  };
}

function callMetrics(registers: Registry[]): Pick<Metrics, 'called'> {
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Calls on the API server; code 0: no answer',
    labelNames: ['code', 'method', 'resource'],
    registers,
  });
  const duration = new Histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'Time to the head of the answer',
    labelNames: ['method'],
    buckets: SECONDS,
    registers,
  });
  const evictions = new Counter({
    name: 'cortex_eviction_requests_total',
    help: 'Evictions asked for, by the code of the answer; 429: a PodDisruptionBudget refused',
    labelNames: ['code'],
    registers,
  });
  for (const code of [201, 429]) evictions.inc({ code }, 0);
  return {
    called({ method, resource, code, ms }) {
      requests.inc({ code, method, resource });
      duration.observe({ method }, ms / 1000);
      if (resource === 'pods/eviction') evictions.inc({ code });
    },
  };
}

function queueMetrics(registers: Registry[]): Pick<Metrics, 'queue'> {
  const common = { labelNames: ['name'], registers } as const;
  const adds = new Counter({ ...common, name: 'workqueue_adds_total', help: 'Keys added' });
  const retries = new Counter({ ...common, name: 'workqueue_retries_total', help: 'Passes that failed' });
  const depth = new Gauge({ ...common, name: 'workqueue_depth', help: 'Keys that wait for a worker' });
  const timing = { ...common, buckets: SECONDS };
  const waited = new Histogram({ ...timing, name: 'workqueue_queue_duration_seconds', help: 'From add to pass' });
  const worked = new Histogram({ ...timing, name: 'workqueue_work_duration_seconds', help: 'Length of a pass' });
  return {
    queue(name) {
      retries.inc({ name }, 0); // A rate needs a beginning.
      return {
        added: () => adds.inc({ name }),
        depth: (waiting) => depth.set({ name }, waiting),
        waited: (ms) => waited.observe({ name }, ms / 1000),
        worked: (ms) => worked.observe({ name }, ms / 1000),
        retried: () => retries.inc({ name }),
      };
    },
  };
}

function reflectorMetrics(registers: Registry[]): Pick<Metrics, 'reflector'> {
  const common = { labelNames: ['name'], registers } as const;
  const lists = new Counter({ ...common, name: 'reflector_lists_total', help: 'Reads of the whole kind' });
  const restarts = new Counter({ ...common, name: 'reflector_restarts_total', help: 'Watches that ended' });
  const ages = new Map<string, () => { contactAgeMs: number; outageMs: number }>();
  const gaugeOf = (name: string, help: string, age: 'contactAgeMs' | 'outageMs'): unknown =>
    new Gauge({
      ...common,
      name,
      help,
      collect() {
        for (const [of, read] of ages) this.set({ name: of }, read()[age] / 1000);
      },
    });
  gaugeOf('reflector_last_event_age_seconds', 'Since the last frame; a minute is normal', 'contactAgeMs');
  gaugeOf('reflector_outage_seconds', 'Since the watch closed; 0 while it is open', 'outageMs');
  return {
    reflector(name, read) {
      ages.set(name, read);
      restarts.inc({ name }, 0);
      return { listed: () => lists.inc({ name }), restarted: () => restarts.inc({ name }) };
    },
  };
}

function auditMetrics(registers: Registry[]): Pick<Metrics, 'drifted'> {
  const drift = new Gauge({
    name: 'cortex_ledger_drift',
    help: 'Pools whose ledger was not what it is from scratch; always 0',
    registers,
  });
  return { drifted: (pools) => drift.set(pools) };
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): Gauge {
  return new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
