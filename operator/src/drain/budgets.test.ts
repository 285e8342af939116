import { describe, expect, test } from 'vitest';
import { aBudget, aPod } from '../testing/pods.ts';
import { budgetsOf, neverAllows } from './budgets.ts';

test('D10: a budget covers the pods of its namespace that its selector names', () => {
  const web = aPod({ labels: { app: 'web' } });
  const empty = { ...aBudget(), spec: { selector: {} } };
  const none = { ...aBudget(), spec: {} };

  expect(budgetsOf(web, [aBudget()])).toHaveLength(1);
  expect(budgetsOf(aPod({ labels: { app: 'web' }, namespace: 'other' }), [aBudget()])).toEqual([]);
  expect(budgetsOf(aPod({ labels: { app: 'api' } }), [aBudget()])).toEqual([]);
  expect(budgetsOf(web, [empty])).toEqual([empty]);
  expect(budgetsOf(web, [none])).toEqual([]);
});

describe('D11: a budget never allows anything', () => {
  test('when all its pods are healthy and nothing is being disrupted', () => {
    expect(neverAllows(aBudget({ currentHealthy: 3 }))).toBe(true);
  });

  test.for([
    ['its status is of an older spec', { observedGeneration: 0 }],
    ['it covers no pod', { expectedPods: 0 }],
    ['one of its pods is not healthy', { currentHealthy: 2 }],
    ['one of its pods is being disrupted', { disruptedPods: { 'web-0': '2030-01-01T10:00:00Z' } }],
    ['it allows one', { disruptionsAllowed: 1 }],
  ] as const)('but not when %s', ([, status]) => {
    expect(neverAllows(aBudget({ currentHealthy: 3, ...status }))).toBe(false);
  });
});
