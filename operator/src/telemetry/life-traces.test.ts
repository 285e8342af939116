import type { Allocation, BurstWorker } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { allocationTraces, workerTraces } from './life-traces.ts';
import type { Traced } from './tracing.ts';

const UID = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const LIFE = { traceId: '1b4e28ba2fa141d2883f0016d3cca427', spanId: '883f0016d3cca427' };
const at = (clock: string): string => `2026-01-01T${clock}Z`;
const now = new Date(at('10:20:00'));

const allocation = (status: object = {}, annotations = {}): Allocation =>
  ({
    metadata: { name: 'job', namespace: 'team', uid: UID, creationTimestamp: at('10:00:00'), annotations },
    spec: {},
    status,
  }) as unknown as Allocation;

const reserved = { admittedAt: at('10:00:05'), reserved: { pool: 'burst' } };
const ready = { ...reserved, readyAt: at('10:03:00') };
const finished = (reason: string) => ({
  finishedAt: at('10:10:00'),
  conditions: [{ type: 'Finished', status: 'True', reason }],
});

/** In one line: what, as whose part, from when to when, and how it failed. */
const line = ({ name, parentId = '-', from, to, failure = 'ok' }: Traced): string =>
  `${name} of ${parentId}: ${clock(from)} to ${clock(to)} ${failure}`;
const clock = (moment: Date): string => moment.toISOString().slice(11, 19);

describe('an Allocation', () => {
  test('is told when it is Ready, and what took how long is part of it', () => {
    const told = [
      ...allocationTraces(allocation(reserved), allocation(), now),
      ...allocationTraces(allocation(ready), allocation(reserved), now),
    ];

    expect(told.map(line)).toEqual([
      'queue of 883f0016d3cca427: 10:00:00 to 10:00:05 ok',
      'Allocation of -: 10:00:00 to 10:03:00 ok',
    ]);
    expect(told[1]).toMatchObject({
      ...LIFE,
      attributes: { 'k8s.namespace.name': 'team', 'cortex.allocation': 'job', 'cortex.pool': 'burst' },
    });
  });

  test('was held until its end, whose reason is told', () => {
    const [held, ...more] = allocationTraces(
      allocation({ ...ready, ...finished('TtlExpired') }),
      allocation(ready),
      now,
    );

    expect(more).toEqual([]);
    expect(held && line(held)).toBe('held of 883f0016d3cca427: 10:03:00 to 10:10:00 ok');
    expect(held?.attributes['cortex.reason']).toBe('TtlExpired');
  });

  test('that comes to its end without ever being Ready has failed by that reason', () => {
    const [span] = allocationTraces(allocation(finished('QueueTimeout')), allocation(), now);

    expect(span && line(span)).toBe('Allocation of -: 10:00:00 to 10:10:00 QueueTimeout');
  });

  test('that is deleted has ended by that, once', () => {
    expect(allocationTraces(undefined, allocation(ready), now).map(line)).toEqual([
      'held of 883f0016d3cca427: 10:03:00 to 10:20:00 ok',
    ]);
    expect(allocationTraces(undefined, allocation({ ...ready, ...finished('TtlExpired') }), now)).toEqual([]);
  });

  test('that a new leader sees for the first time was told of by the one before', () => {
    expect(allocationTraces(allocation(ready), undefined, now)).toEqual([]);
  });

  test('whose maker keeps no trace has none', () => {
    const unsampled = { 'cortex.automation/traceparent': `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` };

    expect(allocationTraces(allocation(ready, unsampled), allocation(reserved, unsampled), now)).toEqual([]);
  });
});

const worker = (since: Readonly<Record<string, string>>, status: object = {}): BurstWorker =>
  ({
    metadata: { name: 'burst-0', uid: '6fa459ea-ee8a-4ca4-894e-db77e160355e', creationTimestamp: at('10:00:00') },
    spec: { pool: 'burst', claimRef: { uid: UID } },
    status: {
      ...status,
      conditions: Object.entries(since).map(([type, moment]) => ({
        type,
        status: 'True',
        lastTransitionTime: at(moment),
      })),
    },
  }) as unknown as BurstWorker;

describe('a BurstWorker', () => {
  const launched = { Admitted: '10:00:01', Launched: '10:00:40' };
  const whole = { ...launched, Initialized: '10:02:00' };

  test('is told when its Node is whole, as part of what it serves', () => {
    const told = workerTraces(worker(whole), worker(launched), now, undefined);

    expect(told.map(line)).toEqual([
      'join of 894edb77e160355e: 10:00:40 to 10:02:00 ok',
      'BurstWorker of 883f0016d3cca427: 10:00:00 to 10:02:00 ok',
    ]);
    expect(new Set(told.map(({ traceId }) => traceId))).toEqual(new Set([LIFE.traceId]));
  });

  test('that fails has failed by the reason that it is not Ready for, once', () => {
    const failed = worker(launched, { phase: 'Failed' });
    failed.status?.conditions?.push({ type: 'Ready', status: 'False', reason: 'JoinTimeout' } as never);

    expect(workerTraces(failed, worker(launched), now, undefined).map(line)).toEqual([
      'BurstWorker of 883f0016d3cca427: 10:00:00 to 10:20:00 JoinTimeout',
    ]);
    expect(workerTraces(failed, failed, now, undefined)).toEqual([]);
  });

  test('was drained and destroyed as part of the same trace', () => {
    const drained = worker({ ...whole, Drained: '10:19:30' });

    expect(workerTraces(undefined, drained, now, undefined).map(line)).toEqual([
      'destroy of 894edb77e160355e: 10:19:30 to 10:20:00 ok',
    ]);
  });
});
