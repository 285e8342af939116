import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  option,
  property,
} from 'fast-check';
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
  const value = oneof(integer({ min: 0, max: 2 }), boolean(), constantFrom('', 'a'), constant(null));
  const { status } = letrec<{ status: unknown }>((tie) => ({
    status: oneof(
      { maxDepth: 3 },
      value,
      array(tie('status'), { maxLength: 2 }),
      dictionary(constantFrom('a', 'b'), option(tie('status'), { nil: undefined, freq: 2 })),
    ),
  }));
  assert(
    property(status, status, (a, b) => same(a, b) === isDeepStrictEqual(stored(a), stored(b))),
    {
      numRuns: 2_000,
    },
  );
});

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
