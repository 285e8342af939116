import { describe, expect, test } from 'vitest';
import { matches } from './label-selector.ts';

const labels = { team: 'search', tier: 'gold' };

test('an empty selector matches everything, as in the API', () => {
  expect(matches({}, {})).toBe(true);
  expect(matches({}, labels)).toBe(true);
});

test('every label that is named must have its value', () => {
  expect(matches({ matchLabels: { team: 'search', tier: 'gold' } }, labels)).toBe(true);
  expect(matches({ matchLabels: { team: 'search', tier: 'silver' } }, labels)).toBe(false);
});

describe.for([
  { operator: 'In', values: ['search', 'ads'], there: true, absent: false },
  { operator: 'NotIn', values: ['ads'], there: true, absent: true },
  { operator: 'NotIn', values: ['search'], there: false, absent: true },
  { operator: 'Exists', values: undefined, there: true, absent: false },
  { operator: 'DoesNotExist', values: undefined, there: false, absent: true },
] as const)('$operator $values', ({ operator, values, there, absent }) => {
  test(`is ${there} of team=search`, () => {
    expect(matches({ matchExpressions: [{ key: 'team', operator, values }] }, labels)).toBe(there);
  });

  test(`is ${absent} where there is no such label`, () => {
    expect(matches({ matchExpressions: [{ key: 'team', operator, values }] }, {})).toBe(absent);
  });
});

test('labels and expressions must all hold', () => {
  const selector = {
    matchLabels: { team: 'search' },
    matchExpressions: [{ key: 'tier', operator: 'Exists' }],
  } as const;

  expect(matches(selector, labels)).toBe(true);
  expect(matches(selector, { team: 'search' })).toBe(false);
});

test('a label is what the namespace has, not what every object of the language has', () => {
  expect(matches({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false);
  expect(matches({ matchExpressions: [{ key: 'toString', operator: 'DoesNotExist' }] }, {})).toBe(true);
});
