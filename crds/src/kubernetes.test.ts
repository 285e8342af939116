import { expect, test } from 'vitest';
import * as z from 'zod';
import { constant, constrained, immutable, kubernetes } from './kubernetes.ts';

const Range = constrained(z.strictObject({ min: z.int(), max: z.int() }), [
  {
    rule: 'self.min <= self.max',
    message: 'min must not be above max',
    fieldPath: '.min',
    holds: ({ min, max }) => min <= max,
  },
]);

test('zod says the message of the rule, at the field the rule names', () => {
  expect(Range.safeParse({ min: 2, max: 1 }).error?.issues).toMatchObject([
    { path: ['min'], message: 'min must not be above max' },
  ]);
  expect(Range.safeParse({ min: 1, max: 1 }).success).toBe(true);
});

test('an optional field cannot be set, unset or changed later', () => {
  expect(immutable('size', 'create another')).toEqual({
    rule: 'has(self.size) ? has(oldSelf.size) && self.size == oldSelf.size : !has(oldSelf.size)',
    message: 'size is immutable: create another',
    fieldPath: '.size',
    reason: 'FieldValueForbidden',
  });
});

test('a field that is always there says by itself that it cannot change', () => {
  expect(kubernetes.get(constant(z.string(), 'pool', 'create another'))?.rules).toEqual([
    { rule: 'self == oldSelf', message: 'pool is immutable: create another', reason: 'FieldValueForbidden' },
  ]);
});
