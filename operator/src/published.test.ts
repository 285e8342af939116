import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { same } from './published.ts';

test('fields that are undefined do not exist', () => {
  expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  expect(same({ a: { b: undefined } }, { a: {} })).toBe(true);
  expect(same({ a: undefined }, { b: 1 })).toBe(false);
  expect(same(undefined, {})).toBe(false);
});

test('the order of fields is nothing, that of a list is', () => {
  expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same([1], [1, 2])).toBe(false);
  expect(same([], {})).toBe(false);
  expect(same({ 0: 1 }, [1])).toBe(false);
});

test('two statuses are the same exactly when the API server would store the same', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.constantFrom('', 'a'), fc.constant(null));
  const { status } = fc.letrec<{ status: unknown }>((tie) => ({
    status: fc.oneof(
      { maxDepth: 3 },
      value,
      fc.array(tie('status'), { maxLength: 2 }),
      fc.dictionary(
        fc.constantFrom('a', 'b'),
        fc.option(tie('status'), { nil: undefined, freq: 2 }) as fc.Arbitrary<unknown>,
      ),
    ),
  }));
  fc.assert(
    fc.property(status, status, (a, b) => same(a, b) === isDeepStrictEqual(stored(a), stored(b))),
    {
      numRuns: 2_000,
    },
  );
});

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
