import { expect, test } from 'vitest';
import { aPod } from '../testing/pods.ts';
import { aWorker, at, registered } from '../testing/workers.ts';
import { UsageRoom } from './controller.ts';
import { countedAt, isAsWritten, untilDue } from './usage.ts';

const asking = (name: string, cpu: string) =>
  aPod({ name, spec: { containers: [{ name, resources: { requests: { cpu, memory: '1Gi' } } }] } });

test('usage is the sum of what pods request that have not ended', () => {
  const ended = aPod({ name: 'job', status: { phase: 'Succeeded' } });

  expect(countedAt([asking('a', '500m'), asking('b', '1'), ended], at('10:00:00'))).toEqual({
    pods: 2,
    cpu: '1500m',
    memory: '2Gi',
    observedAt: '2030-01-01T10:00:00Z',
  });
});

test('usage is news when it changed, not when it was counted anew', () => {
  const written = countedAt([asking('a', '1')], at('10:00:00'));

  expect(isAsWritten(written, [asking('another', '1')])).toBe(true);
  expect(isAsWritten(written, [])).toBe(false);
  expect(isAsWritten(undefined, [])).toBe(false);
});

test('usage is written at most every 15 seconds', () => {
  expect(untilDue(undefined, at('10:00:00'))).toBe(0);
  expect(untilDue('2030-01-01T10:00:00Z', at('10:00:10'))).toBe(6_000);
  expect(untilDue('2030-01-01T10:00:00Z', at('10:00:16'))).toBe(0);
});

test('a worker whose usage changed is written once that is due, and not before', () => {
  const worker = aWorker({}, registered({ usage: countedAt([], at('10:00:00')) }));
  const room = new UsageRoom({} as never);
  const seen = { worker, pods: [asking('a', '1')] };

  expect(room.decide(seen, at('10:00:10'))).toEqual({ actions: [], requeueAfterMs: 6_000 });
  expect(room.report(seen, [], undefined, at('10:00:10'))).toBeUndefined();
  expect(room.decide(seen, at('10:00:16'))).toEqual({ actions: [] });
  expect(room.report(seen, [], undefined, at('10:00:16'))).toMatchObject({ pods: 1, cpu: '1' });
  expect(room.decide({ worker, pods: [] }, at('10:00:10'))).toEqual({ actions: [] });
});
