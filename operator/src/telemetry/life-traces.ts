import type { Allocation, BurstWorker } from '@cortex/crds';
import { allocationSpans, conditionOf, endReason, type Span, workerSpans } from './spans.ts';
import { type Life, lifeOf, lifeOfWorker } from './trace-context.ts';
import type { Traced } from './tracing.ts';

/**
 * What of an Allocation's life has just ended. Its own span is the way to Ready, or to the end that came first: what took how
 * long is part of it, and so is what came after.
 */
export function allocationTraces(now: Allocation | undefined, before: Allocation | undefined, at: Date): Traced[] {
  const known = now ?? before;
  if (known === undefined || before === undefined) return [];
  const life = lifeOf(known);
  const { name, namespace } = known.metadata;
  const attributes = { 'k8s.namespace.name': namespace ?? '', 'cortex.allocation': name };
  const spans = allocationSpans(now, before).map((span) =>
    span.of === 'ready' ? whole('Allocation', life, span, attributes) : part(life, span, attributes),
  );
  return kept(life, [...spans, ...end(now, before, at, life, attributes)]);
}

/** What of a worker's life has just ended; its own span is the way to a whole Node, or to its failure. */
export function workerTraces(
  now: BurstWorker | undefined,
  before: BurstWorker | undefined,
  at: Date,
  claimant: Allocation | undefined,
): Traced[] {
  const known = now ?? before;
  if (known === undefined || before === undefined) return [];
  const life = lifeOfWorker(known, claimant);
  const attributes = { 'cortex.worker': known.metadata.name };
  const spans = workerSpans(now, before, at);
  const raised = raising(now, before, spans, at);
  return kept(life, [
    ...spans.map((span) => part(life, span, attributes)),
    ...raised.map(({ span, failure }) => ({ ...whole('BurstWorker', life, span, attributes), failure })),
  ]);
}

const kept = ({ sampled }: Life, spans: Traced[]): Traced[] => (sampled ? spans : []);

type Attributes = Traced['attributes'];
type Stretch = Pick<Span, 'pool' | 'from' | 'to'>;

const whole = (name: string, life: Life, span: Stretch, attributes: Attributes): Traced => ({
  ...traced(name, life, span, attributes),
  spanId: life.spanId,
  parentId: life.parentId,
});

const part = (life: Life, span: Span, attributes: Attributes): Traced => ({
  ...traced(span.of, life, span, attributes),
  parentId: life.spanId,
});

const traced = (name: string, { traceId }: Life, { pool, from, to }: Stretch, attributes: Attributes): Traced => ({
  name,
  traceId,
  from: new Date(from),
  to: new Date(to),
  attributes: { ...attributes, ...(pool === '' ? {} : { 'cortex.pool': pool }) },
});

/** How it was held until its end; or that it came to its end without ever being Ready. */
function end(now: Allocation | undefined, before: Allocation, at: Date, life: Life, attributes: Attributes): Traced[] {
  const reason = endOf(now, before);
  if (reason === undefined) return [];
  const { readyAt, finishedAt, reserved } = (now ?? before).status ?? {};
  const stretch = { pool: reserved?.pool ?? '', to: finishedAt ?? at.toISOString() };
  const why = { ...attributes, 'cortex.reason': reason };
  if (readyAt !== undefined)
    return [{ ...traced('held', life, { ...stretch, from: readyAt }, why), parentId: life.spanId }];
  const from = before.metadata.creationTimestamp ?? stretch.to;
  return [{ ...whole('Allocation', life, { ...stretch, from }, why), failure: reason }];
}

/** One that is deleted before its end has ended by that. */
function endOf(now: Allocation | undefined, before: Allocation): string | undefined {
  if (now !== undefined) return endReason(now, before);
  return conditionOf(before.status?.conditions, 'Finished')?.status === 'True' ? undefined : 'Deleted';
}

function raising(
  now: BurstWorker | undefined,
  before: BurstWorker,
  spans: readonly Span[],
  at: Date,
): { span: Stretch; failure?: string | undefined }[] {
  const from = before.metadata.creationTimestamp;
  if (from === undefined) return [];
  const joined = spans.find(({ of }) => of === 'join');
  if (joined !== undefined) return [{ span: { ...joined, from } }];
  if (now?.status?.phase !== 'Failed' || before.status?.phase === 'Failed') return [];
  const failure = conditionOf(now.status.conditions, 'Ready')?.reason ?? 'Failed';
  return [{ span: { pool: now.spec.pool, from, to: at.toISOString() }, failure }];
}
