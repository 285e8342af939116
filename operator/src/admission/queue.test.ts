import { assert, constantFrom, integer, property, shuffledSubarray } from 'fast-check';
import { expect, test } from 'vitest';
import { allocation, at, namesOf, worker } from '../testing/world.ts';
import { type Candidate, compareTurns, isStrict, outranks, turnOf } from './queue.ts';

const names = (candidates: readonly Candidate[]): string[] =>
  namesOf(candidates.toSorted((a, b) => compareTurns(turnOf(a), turnOf(b))));

test('A5: a higher priority goes first, however late it came', () => {
  const early = allocation('early', { at: '10:00:00', priority: 'Low' });
  const late = allocation('late', { at: '11:00:00', priority: 'Critical' });

  expect(names([early, late])).toEqual(['late', 'early']);
});

test('A5: of one priority the older goes first', () => {
  const young = allocation('young', { at: '10:00:01' });
  const old = allocation('old', { at: '10:00:00' });

  expect(names([young, old])).toEqual(['old', 'young']);
});

test('A5: of one second the UIDs decide, so that every look at the queue sees the same order', () => {
  const three = ['c', 'a', 'b'].map((name) => allocation(name));

  expect(names(three)).toEqual(['a', 'b', 'c']);
});

test('A5: the order does not depend on the order in which the candidates were found', () => {
  const all = Array.from({ length: 12 }, (_, i) =>
    allocation(`job-${i}`, {
      at: `10:00:0${i % 3}`,
      priority: (['Low', 'Normal', 'High', 'Critical'] as const)[i % 4] ?? 'Normal',
    }),
  );

  assert(
    property(shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(names(shuffled)).toEqual(names(all));
    }),
  );
});

test('C5: a worker that a person made queues among the Allocations, at Normal', () => {
  const made = worker('mine', { at: '10:00:01' });
  const before = allocation('before', { at: '10:00:00' });
  const higher = allocation('higher', { at: '10:00:02', priority: 'High' });
  const lower = allocation('lower', { at: '09:00:00', priority: 'Low' });

  expect(names([lower, made, before, higher])).toEqual(['higher', 'before', 'mine', 'lower']);
});

test('C4: a warm worker comes after everybody who waits', () => {
  expect(names([worker('warm', { claimable: true, at: '09:00:00' }), allocation('low', { priority: 'Low' })])).toEqual([
    'low',
    'warm',
  ]);
});

test('C1, A8: what was begun goes before what was earmarked, and that before everybody', () => {
  const turns = [
    { name: 'critical', turn: turnOf(allocation('c', { priority: 'Critical' })) },
    { name: 'earmarked', turn: turnOf(allocation('e', { priority: 'Low' }), { earmarked: true }) },
    { name: 'begun', turn: turnOf(allocation('b', { priority: 'Low' }), { begun: true }) },
  ];

  expect(turns.toSorted((a, b) => compareTurns(a.turn, b.turn)).map(({ name }) => name)).toEqual([
    'begun',
    'earmarked',
    'critical',
  ]);
});

test('A8: a priority never outranks itself', () => {
  assert(
    property(constantFrom('Low', 'Normal', 'High', 'Critical'), (priority) => {
      expect(outranks(priority, priority)).toBe(false);
    }),
  );
  expect(outranks('High', 'Normal')).toBe(true);
  expect(outranks('Low', 'Normal')).toBe(false);
});

const MINUTE = 60_000;

test('A5: BestEffort becomes strict once the head has waited for ageAfter, and not a second sooner', () => {
  const head = allocation('head', { at: '10:00:00' });
  const strict = (time: string) => isStrict({ ordering: 'BestEffort' }, 10 * MINUTE, head, at(time));

  expect(strict('10:09:59')).toBe(false);
  expect(strict('10:10:00')).toBe(true);
});

test('A5: Strict is strict from the first second', () => {
  assert(
    property(integer({ min: 0, max: 100 }), (minutes) => {
      const now = new Date(at('10:00:00').getTime() + minutes * MINUTE);
      expect(isStrict({ ordering: 'Strict' }, 10 * MINUTE, allocation('head'), now)).toBe(true);
    }),
  );
});
