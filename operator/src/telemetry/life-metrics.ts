import type { Allocation, BurstWorker } from '@cortex/crds';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { allocationSpans, endReason, secondsOf, type Span, workerSpans } from './spans.ts';

const SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];

const SPANS = {
  queue: ['cortex_allocation_queue_seconds', 'From creation of an Allocation to the reservation of its capacity'],
  ready: ['cortex_allocation_ready_seconds', 'From creation of an Allocation to its being Ready'],
  launch: ['cortex_worker_launch_seconds', 'From admission of a BurstWorker to the existence of its machine'],
  join: ['cortex_worker_join_seconds', 'From the existence of a machine to its Node being whole'],
  drain: ['cortex_worker_drain_seconds', 'From the start of a drain to its end'],
  destroy: ['cortex_worker_destroy_seconds', 'From the end of a drain to the end of the BurstWorker'],
} as const satisfies Record<Span['of'], readonly [name: string, help: string]>;

/** Hears of every change of an object, with what it is now and was before. */
export interface LifeMetrics {
  allocation(now: Allocation | undefined, before: Allocation | undefined): void;
  worker(now: BurstWorker | undefined, before: BurstWorker | undefined, at: Date): void;
  /** Read when somebody asks for the metrics. */
  counts(allocations: () => readonly Allocation[]): void;
}

/** How long the parts of lives take, and how they end. */
export function lifeMetrics(registers: Registry[]): LifeMetrics {
  const histogram = (of: Span['of']) => {
    const [name, help] = SPANS[of];
    return new Histogram({ name, help, labelNames: ['pool'], buckets: SECONDS, registers });
  };
  const spans = {
    queue: histogram('queue'),
    ready: histogram('ready'),
    launch: histogram('launch'),
    join: histogram('join'),
    drain: histogram('drain'),
    destroy: histogram('destroy'),
  };
  const finished = new Counter({
    name: 'cortex_allocations_finished_total',
    help: 'Allocations that have ended, by the reason of their condition Finished',
    labelNames: ['reason'],
    registers,
  });
  const observe = (span: Span): void => spans[span.of].observe({ pool: span.pool }, secondsOf(span));
  return {
    allocation(now, before) {
      for (const span of allocationSpans(now, before)) observe(span);
      const reason = endReason(now, before);
      if (reason !== undefined) finished.inc({ reason });
    },
    worker(now, before, at) {
      for (const span of workerSpans(now, before, at)) observe(span);
    },
    counts: (allocations) => void phases(registers, allocations),
  };
}

const phases = (registers: Registry[], allocations: () => readonly Allocation[]): Gauge =>
  new Gauge({
    name: 'cortex_allocations',
    help: 'Allocations by phase',
    labelNames: ['phase'],
    registers,
    collect() {
      this.reset();
      for (const [phase, some] of Map.groupBy(allocations(), ({ status }) => status?.phase ?? 'Pending'))
        this.set({ phase }, some.length);
    },
  });
