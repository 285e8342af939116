import type { Allocation, BurstWorker, Condition, ConditionType } from '@cortex/crds';

/** A part of a life that has just ended, from and to a moment that the object names. */
export interface Span {
  readonly of: 'queue' | 'ready' | 'launch' | 'join' | 'drain' | 'destroy';
  readonly pool: string;
  readonly from: string;
  readonly to: string;
}

/** Moments of two clocks may lie the wrong way round. */
export const secondsOf = ({ from, to }: Span): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** An object that is seen for the first time has no span that ended now: its past was somebody else's to count. */
export function allocationSpans(now: Allocation | undefined, before: Allocation | undefined): Span[] {
  if (now?.status === undefined || before === undefined) return [];
  const { admittedAt, readyAt, reserved } = now.status;
  const since = now.metadata.creationTimestamp;
  const pool = reserved?.pool ?? '';
  return [
    ...(before.status?.admittedAt === undefined ? span('queue', pool, since, admittedAt) : []),
    ...(before.status?.readyAt === undefined ? span('ready', pool, since, readyAt) : []),
  ];
}

export function workerSpans(now: BurstWorker | undefined, before: BurstWorker | undefined, at: Date): Span[] {
  if (before === undefined) return [];
  const { pool } = before.spec;
  if (now === undefined) return span('destroy', pool, trueSince(before, 'Drained'), at.toISOString());
  const turned = (type: ConditionType): string | undefined =>
    trueSince(before, type) === undefined ? trueSince(now, type) : undefined;
  return [
    ...span('launch', pool, trueSince(now, 'Admitted'), turned('Launched')),
    ...span('join', pool, trueSince(now, 'Launched'), turned('Initialized')),
    ...span('drain', pool, now.status?.drain?.startedAt, turned('Drained')),
  ];
}

/** The reason of an end that was written just now. */
export function endReason(now: Allocation | undefined, before: Allocation | undefined): string | undefined {
  const isNew = before !== undefined && ended(before)?.status !== 'True';
  return isNew && ended(now)?.status === 'True' ? ended(now)?.reason : undefined;
}

const ended = (of: Allocation | undefined): Condition | undefined => conditionOf(of?.status?.conditions, 'Finished');

function span(of: Span['of'], pool: string, from: string | undefined, to: string | undefined): Span[] {
  return from === undefined || to === undefined ? [] : [{ of, pool, from, to }];
}

function trueSince({ status }: BurstWorker, type: ConditionType): string | undefined {
  const condition = conditionOf(status?.conditions, type);
  return condition?.status === 'True' ? condition.lastTransitionTime : undefined;
}

/** As in conditions.ts, on which telemetry does not lean. */
export const conditionOf = (conditions: readonly Condition[] | undefined, type: ConditionType): Condition | undefined =>
  conditions?.find((each) => each.type === type);
