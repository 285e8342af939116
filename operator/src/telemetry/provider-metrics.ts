import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface ProviderMetrics {
  /** A call on a provider: `result` is ok, or the class of its refusal. */
  providerCalled(call: { provider: string; verb: string; result: string; ms: number }): void;
}

/** How providers answer. */
export function providerMetrics(registers: Registry[]): ProviderMetrics {
  const calls = new Counter({
    name: 'cortex_provider_calls_total',
    help: 'Calls on VM providers',
    labelNames: ['provider', 'verb', 'result'],
    registers,
  });
  const duration = new Histogram({
    name: 'cortex_provider_call_duration_seconds',
    help: 'Time of calls on VM providers',
    labelNames: ['provider', 'verb'],
    buckets: SECONDS,
    registers,
  });
  return {
    providerCalled({ provider, verb, result, ms }) {
      calls.inc({ provider, verb, result });
      duration.observe({ provider, verb }, ms / 1000);
    },
  };
}
