import type { BurstWorkerStatus } from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import { isTerminal } from '../drain/pod-class.ts';
import type { Pod } from '../kube/core.ts';
import { asWords, requestsOf, sum } from './requests.ts';

export type Usage = NonNullable<BurstWorkerStatus['usage']>;

/** Between two counts that are written; a moment is written in whole seconds, so it may be one later than it says (api.md). */
const EVERY_MS = 15_000 + 1_000;

/** What the pods of a Node that have not ended request. */
export function counted(pods: readonly Pod[]): Omit<Usage, 'observedAt'> {
  const there = pods.filter((pod) => !isTerminal(pod));
  return { pods: there.length, ...asWords(sum(there.map(requestsOf))) };
}

/** The same, counted now. */
export const countedAt = (pods: readonly Pod[], now: Date): Usage => ({ ...counted(pods), observedAt: timestamp(now) });

/** Whether the pods request something else than was written. */
export function isAsWritten(written: Usage | undefined, pods: readonly Pod[]): boolean {
  const { pods: count, cpu, memory } = counted(pods);
  return written !== undefined && written.pods === count && written.cpu === cpu && written.memory === memory;
}

/** Milliseconds until a count may be written again. */
export const untilDue = (observedAt: string | undefined, now: Date): number =>
  observedAt === undefined ? 0 : Math.max(0, Date.parse(observedAt) + EVERY_MS - now.getTime());
