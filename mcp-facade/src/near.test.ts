import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { meant, near } from './near.ts';

const SERVERS = ['filesystem', 'github', 'gitlab', 'postgres', 'slack'];

test('a slip of the keyboard finds what was meant, the nearest first', () => {
  expect(near('filesystm', SERVERS)).toEqual(['filesystem']);
  expect(near('githab', SERVERS)).toEqual(['github', 'gitlab']);
  expect(near('git', SERVERS)).toEqual(['github', 'gitlab']);
});

test('what is nothing like any name finds none, and adds no key', () => {
  expect(near('kubernetes', SERVERS)).toEqual([]);
  expect(meant('kubernetes', SERVERS)).toEqual({});
});

test('never more than five, and always the name itself where it is there', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 30 }), (names) => {
      const [first = ''] = names;
      const found = near(first, names);
      expect(found.length).toBeLessThanOrEqual(5);
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});
