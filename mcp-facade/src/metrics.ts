import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answered } from './toolbox.ts';

/** What a process measures of itself, for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  answered(call: Answered): void;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

export function createMetrics(seen: { readonly inFlight: () => number; readonly outageMs: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const calls = new Counter({
    name: 'cortex_facade_calls_total',
    help: 'Tool calls that were answered, by tool and by the code of the failure, or ok',
    labelNames: ['tool', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'cortex_facade_call_seconds',
    help: 'How long tool calls took, waits included',
    labelNames: ['tool'],
    buckets: BUCKETS,
    registers,
  });
  gauge(registry, 'cortex_facade_calls_in_flight', 'Tool calls under way', seen.inFlight);
  gauge(
    registry,
    'cortex_facade_watch_outage_seconds',
    'For how long the copies may have missed something',
    () => seen.outageMs() / 1000,
  );
  return {
    registry,
    answered: ({ tool, ms, failure }) => {
      calls.inc({ tool, code: failure?.code ?? 'ok' });
      seconds.observe({ tool }, ms / 1000);
    },
  };
}

const gauge = (registry: Registry, name: string, help: string, value: () => number): unknown =>
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
