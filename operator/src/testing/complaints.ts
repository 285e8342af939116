import type { BurstWorker } from '@cortex/crds';
import type { Seen } from '../burst-worker/seen.ts';
import { report } from '../burst-worker/status.ts';
import type { DrainInput } from '../drain/input.ts';
import { planDrain } from '../drain/plan.ts';
import type { Subject } from '../explain/world.ts';
import type { Snapshot } from '../plugin/cluster.ts';
import { explain } from '../plugin/explained.ts';
import { aPod } from './pods.ts';
import { seen as clusterOf, shown } from './snapshot.ts';
import { aNode, aPool, aWorker, registered, seenOf } from './workers.ts';
import { at, deleting } from './world.ts';

/** What a person asks who complains, and what names the object in the answer. */
export interface Complaint {
  readonly title: string;
  readonly answer: () => string;
  readonly names: readonly (string | RegExp)[];
}

/** What `kubectl cortex explain` prints first. */
export const explained = (subject: Subject, more: Partial<Snapshot> = {}): string =>
  shown(explain(subject, clusterOf({ pools: [aPool()], ...more })))[0] ?? '';

export const NOW = at('10:30:00');

/** The worker burst-1 with what it says of itself once this was seen. */
export function told(seen: Partial<Seen>, failure?: unknown): BurstWorker {
  const whole = seenOf({ worker: aWorker({}, registered()), node: aNode(), ...seen });
  return { ...whole.worker, status: report(whole, failure, NOW) ?? whole.worker.status ?? {} };
}

/** It was deleted, and is being drained. */
export const leaving = (since = '10:26:00'): BurstWorker =>
  deleting(
    aWorker(
      {},
      registered({ phase: 'Draining', drain: { startedAt: `2030-01-01T${since}Z`, deadline: '2030-01-01T10:36:00Z' } }),
    ),
    since,
  );

/** The plan of its drain, four minutes in. */
export const drain = (more: Partial<DrainInput>) =>
  planDrain({
    pods: [aPod({ name: 'web-0', labels: { app: 'web' } })],
    rules: { daemonSets: 'Skip', unmanagedPods: 'Evict', onDeadline: 'ForceDelete', gracePeriodMs: 300_000, order: [] },
    cordonedAt: at('10:26:00'),
    deadline: at('10:36:00'),
    now: NOW,
    refused: new Map(),
    asked: new Map(),
    budgets: [],
    daemonSets: new Set(),
    machine: undefined,
    ...more,
  });
