import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { Agenda } from './agenda.ts';
import { Fifo } from './fifo.ts';

test('what is due comes out earliest first, and once', () => {
  const agenda = new Agenda();
  agenda.add('late', 30);
  agenda.add('early', 10);
  agenda.add('middle', 20);

  expect(agenda.next).toBe(10);
  expect(agenda.take(20)).toEqual(['early', 'middle']);
  expect(agenda.take(20)).toEqual([]);
  expect([agenda.next, agenda.size]).toEqual([30, 1]);
});

test('the earliest moment asked for a key wins', () => {
  const agenda = new Agenda();
  agenda.add('a', 20);
  agenda.add('a', 30);
  agenda.add('a', 10);

  expect(agenda.take(10)).toEqual(['a']);
  expect(agenda.take(99)).toEqual([]);
});

test('a deleted key may be set to a later moment', () => {
  const agenda = new Agenda();
  agenda.add('a', 10);
  agenda.delete('a');
  agenda.add('a', 50);

  expect(agenda.take(49)).toEqual([]);
  expect(agenda.take(50)).toEqual(['a']);
});

test('whatever is added and deleted, what comes out is what a sorted list would say', () => {
  const step = tuple(constantFrom('a', 'b', 'c', 'd', 'e'), integer({ min: -3, max: 50 }));
  assert(
    property(array(step, { maxLength: 300 }), (steps) => {
      const [agenda, due] = [new Agenda(), new Map<string, number>()];
      for (const [key, at] of steps) {
        if (at < 0) {
          agenda.delete(key);
          due.delete(key);
        } else {
          agenda.add(key, at);
          due.set(key, Math.min(at, due.get(key) ?? at));
        }
      }
      const expected = [...due].toSorted(([, a], [, b]) => a - b).map(([, at]) => at);
      expect(agenda.take(99).map((key) => due.get(key))).toEqual(expected);
    }),
  );
});

test('first in, first out, over many more than it holds at once', () => {
  const [line, out] = [new Fifo<number>(), new Array<number | undefined>()];
  for (let at = 0; at < 10_000; at++) {
    line.push(at);
    if (at % 3 !== 0) out.push(line.shift());
  }
  while (line.size > 0) out.push(line.shift());

  expect(out).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  expect(line.shift()).toBeUndefined();
});
