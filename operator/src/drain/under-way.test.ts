import { expect, test } from 'vitest';
import { aBudget } from '../testing/pods.ts';
import { at } from '../testing/workers.ts';
import { UnderWay } from './under-way.ts';

const begin = (underWay: UnderWay, allowed: number, { version = '1', time = '10:00:00' } = {}) =>
  underWay.begin([aBudget({ disruptionsAllowed: allowed }, version)], at(time));

test('D10: no more are asked of a budget at once than it lets go, and one where it lets go none', () => {
  for (const [allowed, most] of [
    [0, 1],
    [1, 1],
    [2, 2],
  ] as const) {
    const underWay = new UnderWay();
    const begun = Array.from({ length: 4 }, () => begin(underWay, allowed));

    expect(begun.filter((each) => each !== undefined)).toHaveLength(most);
  }
});

test('D10: what was refused frees its place at once; what was accepted keeps it until the budget says so itself', () => {
  const underWay = new UnderWay();
  begin(underWay, 1)?.(false, at('10:00:00'));
  const next = begin(underWay, 1);
  expect(next).toBeDefined();
  next?.(true, at('10:00:00'));

  expect(begin(underWay, 1)).toBeUndefined();
  expect(begin(underWay, 1, { version: '2' })).toBeDefined();
});

test('D10: a pod that goes without asking its budget keeps nobody waiting for longer than a second', () => {
  const underWay = new UnderWay();
  begin(underWay, 1)?.(true, at('10:00:00'));

  expect(begin(underWay, 1, { time: '10:00:00.999' })).toBeUndefined();
  expect(begin(underWay, 1, { time: '10:00:01' })).toBeDefined();
});

test('a pod without a budget asks none', () => {
  const underWay = new UnderWay();

  expect([1, 2, 3].map(() => underWay.begin([], at('10:00:00')))).not.toContain(undefined);
});
