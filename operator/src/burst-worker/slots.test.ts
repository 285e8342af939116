import { expect, test } from 'vitest';
import { aWorker, checkpoint, holding, registered } from '../testing/workers.ts';
import { takesDrainSlot, takesRaiseSlot } from './slots.ts';

const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
const draining = (pods: object, conditions = holding('Registered')) =>
  aWorker({}, registered({ drain: { ...drain, pods }, conditions }));

test('D18: a drain takes a place from its start to its end', () => {
  expect(takesDrainSlot(aWorker({}, registered()))).toBe(false);
  expect(takesDrainSlot(aWorker({}, registered({ drain })))).toBe(true);
  expect(takesDrainSlot(draining({}, holding('Registered', 'Drained')))).toBe(false);
});

test('D18: a drain whose remaining pods are all held back gives its place up', () => {
  expect(takesDrainSlot(draining({ total: 2, blocked: 1 }))).toBe(true);
  expect(takesDrainSlot(draining({ total: 2, blocked: 2 }))).toBe(false);
  expect(takesDrainSlot(draining({ total: 0, blocked: 0 }))).toBe(true);
});

test('D18: what a NodeDrain does takes no place of the pool', () => {
  const shown = { type: 'Cordoned', status: 'True', reason: 'NodeDrain', message: '', lastTransitionTime: '' } as const;

  expect(takesDrainSlot(draining({}, [shown]))).toBe(false);
});

test('a machine takes a place from its record to its Node', () => {
  const admitted = aWorker({}, { vm: checkpoint, conditions: holding('Admitted') });

  expect(takesRaiseSlot(aWorker({}, { conditions: holding('Admitted') }))).toBe(false);
  expect(takesRaiseSlot(admitted)).toBe(true);
  expect(takesRaiseSlot(aWorker({}, registered()))).toBe(false);
  expect(takesRaiseSlot(aWorker({}, { ...admitted.status, phase: 'Failed' }))).toBe(false);
});
