import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('D18: those that have waited longest begin first, however they ask', () => {
  const turns = new Turns();

  expect(turns.ask('burst', 'late', 20, 1, 2)).toBe(true);
  turns.leave('burst', 'late');
  expect(turns.ask('burst', 'late', 20, 2, 2)).toBe(false);
  expect(turns.ask('burst', 'early', 10, 2, 2)).toBe(false);
  expect(turns.ask('burst', 'late', 20, 1, 2)).toBe(false);
  expect(turns.ask('burst', 'early', 10, 1, 2)).toBe(true);
});

test('D18: what was granted counts until it is seen to have begun', () => {
  const turns = new Turns();

  expect(turns.ask('burst', 'a', 0, 0, 1)).toBe(true);
  expect(turns.ask('burst', 'a', 0, 0, 1)).toBe(true);
  expect(turns.ask('burst', 'b', 0, 0, 1)).toBe(false);
  turns.leave('burst', 'a');
  expect(turns.ask('burst', 'b', 0, 1, 1)).toBe(false);
  expect(turns.ask('burst', 'b', 0, 0, 1)).toBe(true);
});

test('T9: who comes back keeps the time from which it waits', () => {
  const turns = new Turns();
  turns.ask('burst', 'a', 10, 1, 1);
  turns.ask('burst', 'b', 20, 1, 1);
  turns.ask('burst', 'a', 99, 1, 1);

  expect(turns.next('burst', 1)).toEqual(['a']);
  turns.forget('a');
  expect(turns.next('burst', 9)).toEqual(['b']);
  expect(turns.next('other', 9)).toEqual([]);
});

test('T9: the first of many are those who come first in order', () => {
  const since = array(integer({ min: 0, max: 5 }), { maxLength: 30 });
  assert(
    property(since, integer({ min: 1, max: 8 }), (times, most) => {
      const turns = new Turns();
      const all = times.map((time, i) => [`key-${i}`, time] as const);
      for (const [key, time] of all) turns.ask('burst', key, time, 1, 1);

      const inOrder = all.toSorted(([a, early], [b, late]) => early - late || (a < b ? -1 : 1));
      expect(turns.next('burst', most)).toEqual(inOrder.slice(0, most).map(([key]) => key));
    }),
  );
});
