import { expect, test } from 'vitest';
import * as z from 'zod';
import { constrained, immutable } from './kubernetes.ts';

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

test('a field cannot be set, unset or changed later', () => {
  expect(immutable('size', 'create another')).toEqual({
    rule: 'has(self.size) == has(oldSelf.size) && (!has(self.size) || self.size == oldSelf.size)',
    message: 'size is immutable: create another',
    fieldPath: '.size',
    reason: 'FieldValueForbidden',
  });
});
