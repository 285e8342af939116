import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { page } from './cursor.ts';

const all = (names: readonly string[], limit: number): string[] => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, next_cursor } = page(names, (name) => name, { limit, cursor });
    seen.push(...items);
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
};

test('pages together are the whole list, each name once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 7 }), (names, limit) => {
      expect(all(names, limit)).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
    }),
  );
});

test('what is created or deleted between two pages moves nothing else', () => {
  const first = page(['b', 'd', 'f'], (name) => name, { limit: 2 });
  expect(first.items).toEqual(['b', 'd']);

  const second = page(['a', 'b', 'e', 'f'], (name) => name, { limit: 2, cursor: first.next_cursor ?? '' });
  expect(second).toEqual({ items: ['e', 'f'], next_cursor: null });
});

test('a cursor from elsewhere is refused', () => {
  expect(() => page(['a'], (name) => name, { limit: 1, cursor: 'eyJhIjoxfQ' })).toThrow(
    'is none that this tool has returned',
  );
});
