import { expect, test } from 'vitest';
import { conditionOf, isTrue, timestamp, withConditions } from './conditions.ts';

const early = new Date('2030-01-01T10:00:00.900Z');
const late = new Date('2030-01-01T11:00:00Z');

test('a condition keeps its transition time while its status stays', () => {
  const first = withConditions(
    [],
    [{ type: 'Ready', status: false, reason: 'WaitingForQuota', message: 'a' }],
    1,
    early,
  );
  const second = withConditions(
    first,
    [{ type: 'Ready', status: false, reason: 'InsufficientWorkers', message: 'b' }],
    2,
    late,
  );

  expect(conditionOf(second, 'Ready')).toEqual({
    type: 'Ready',
    status: 'False',
    reason: 'InsufficientWorkers',
    message: 'b',
    observedGeneration: 2,
    lastTransitionTime: '2030-01-01T10:00:00Z',
  });
});

test('a condition that turns moves its transition time', () => {
  const first = withConditions(
    [],
    [{ type: 'Ready', status: false, reason: 'WaitingForQuota', message: '' }],
    1,
    early,
  );
  const second = withConditions(first, [{ type: 'Ready', status: true, reason: 'Ready', message: '' }], 1, late);

  expect(conditionOf(second, 'Ready')?.lastTransitionTime).toBe('2030-01-01T11:00:00Z');
  expect(isTrue(second, 'Ready')).toBe(true);
});

test('conditions are sorted by type, whatever the order of the claims', () => {
  const conditions = withConditions(
    [],
    [
      { type: 'WorkersReady', status: true, reason: 'Ready', message: '' },
      { type: 'QuotaReserved', status: 'Unknown', reason: 'Ready', message: '' },
    ],
    1,
    early,
  );

  expect(conditions.map(({ type }) => type)).toEqual(['QuotaReserved', 'WorkersReady']);
});

test('a timestamp has whole seconds, as metav1.Time has', () => {
  expect(timestamp(early)).toBe('2030-01-01T10:00:00Z');
});
