import type { Allocation, BurstWorker } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { allocationSpans, endReason, secondsOf, type Span, workerSpans } from './spans.ts';

const at = (clock: string): string => `2026-01-01T${clock}Z`;
const now = new Date(at('10:20:00'));

const allocation = (status: object = {}): Allocation =>
  ({ metadata: { name: 'job', creationTimestamp: at('10:00:00') }, spec: {}, status }) as unknown as Allocation;

const worker = (since: Readonly<Record<string, string>>, status: object = {}): BurstWorker =>
  ({
    metadata: { name: 'burst-0' },
    spec: { pool: 'burst' },
    status: {
      ...status,
      conditions: Object.entries(since).map(([type, clock]) => ({
        type,
        status: 'True',
        lastTransitionTime: at(clock),
      })),
    },
  }) as unknown as BurstWorker;

const lengths = (spans: readonly Span[]) =>
  spans.map((span) => ({ of: span.of, pool: span.pool, seconds: secondsOf(span) }));

describe('an Allocation', () => {
  const reserved = { admittedAt: at('10:00:05'), reserved: { pool: 'burst' } };

  test('has queued from its creation to its reservation', () => {
    expect(lengths(allocationSpans(allocation(reserved), allocation()))).toEqual([
      { of: 'queue', pool: 'burst', seconds: 5 },
    ]);
  });

  test('became Ready counted from its creation, once', () => {
    const ready = allocation({ ...reserved, readyAt: at('10:03:00') });

    expect(lengths(allocationSpans(ready, allocation(reserved)))).toEqual([
      { of: 'ready', pool: 'burst', seconds: 180 },
    ]);
    expect(lengths(allocationSpans(ready, ready))).toEqual([]);
  });

  test('names the moments from and to which something took, and never a negative time', () => {
    const [span] = allocationSpans(allocation(reserved), allocation());

    expect(span).toEqual({ of: 'queue', pool: 'burst', from: at('10:00:00'), to: at('10:00:05') });
    expect(secondsOf({ of: 'queue', pool: '', from: at('10:00:05'), to: at('10:00:00') })).toBe(0);
  });

  test('that a new leader sees for the first time was counted by the one before', () => {
    expect(lengths(allocationSpans(allocation(reserved), undefined))).toEqual([]);
  });

  test('has ended with the reason of its condition Finished, once', () => {
    const ended = allocation({ conditions: [{ type: 'Finished', status: 'True', reason: 'TtlExpired' }] });

    expect(endReason(ended, allocation())).toBe('TtlExpired');
    expect(endReason(ended, ended)).toBeUndefined();
    expect(endReason(undefined, ended)).toBeUndefined();
  });
});

describe('a BurstWorker', () => {
  const admitted = { Admitted: '10:00:00' };
  const launched = { ...admitted, Launched: '10:00:40' };
  const whole = { ...launched, Initialized: '10:02:00' };

  test('was launched from its admission on, and joined from then on', () => {
    expect(lengths(workerSpans(worker(launched), worker(admitted), now))).toEqual([
      { of: 'launch', pool: 'burst', seconds: 40 },
    ]);
    expect(lengths(workerSpans(worker(whole), worker(launched), now))).toEqual([
      { of: 'join', pool: 'burst', seconds: 80 },
    ]);
  });

  test('that was launched and joined between two looks has both spans', () => {
    expect(workerSpans(worker(whole), worker(admitted), now).map(({ of }) => of)).toEqual(['launch', 'join']);
  });

  test('was drained from the start of the drain on', () => {
    const drain = { drain: { startedAt: at('10:10:00') } };
    const drained = worker({ ...whole, Drained: '10:10:30' }, drain);

    expect(lengths(workerSpans(drained, worker(whole, drain), now))).toEqual([
      { of: 'drain', pool: 'burst', seconds: 30 },
    ]);
  });

  test('was destroyed from the end of its drain to its own end', () => {
    const drained = worker({ ...whole, Drained: '10:19:30' });

    expect(lengths(workerSpans(undefined, drained, now))).toEqual([{ of: 'destroy', pool: 'burst', seconds: 30 }]);
    expect(lengths(workerSpans(undefined, worker(admitted), now))).toEqual([]);
  });
});
