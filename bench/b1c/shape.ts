import type { Allocation } from '@cortex/crds';
import { evenly } from '../harness/open-loop.ts';
import type { TimedJob } from './run-jobs.ts';

/** What a job is like: how long it runs, who goes first, how many there are in a queue, and how often one comes. */
interface Kind {
  readonly name: 'large' | 'medium' | 'small';
  readonly priority: Allocation['spec']['priority'];
  readonly runMs: number;
  readonly each: number;
  readonly everyMs: number;
}

/** Kueue's own baseline: 30 queues with 500 jobs each, which come within a minute. */
export const KINDS: readonly Kind[] = [
  { name: 'large', priority: 'High', runMs: 1_000, each: 50, everyMs: 1_200 },
  { name: 'medium', priority: 'Normal', runMs: 500, each: 100, everyMs: 500 },
  { name: 'small', priority: 'Low', runMs: 200, each: 350, everyMs: 100 },
];
const QUEUES = 30;

export const POOLS: readonly string[] = Array.from({ length: 6 }, (_, i) => `pool-${i}`);

/** Workers of each pool: with them all jobs of the baseline take 66 s at least, as with Kueue's quotas. */
export const WORKERS = 13;

export interface Job extends TimedJob {
  readonly kind: Kind['name'];
  readonly priority: Kind['priority'];
  readonly pool: string;
}

/** All jobs in the order in which they are created; `scale` makes fewer of them, and the minute shorter. */
export function baseline(scale: number): Job[] {
  const jobs = Array.from({ length: QUEUES }, (_, queue) =>
    KINDS.flatMap(({ name, priority, runMs, each, everyMs }) =>
      evenly(Math.max(1, Math.round(each * scale)), everyMs).map((at, i) => ({
        name: `${name}-${queue}-${i}`,
        kind: name,
        priority,
        pool: POOLS[queue % POOLS.length] ?? '',
        at,
        runMs,
      })),
    ),
  );
  return jobs.flat().toSorted((a, b) => a.at - b.at);
}
