import { expect, test } from 'vitest';
import { median, percentile, rounded } from './statistics.ts';

test('the median is the middle value, whatever the order, or the mean of the two middle ones', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 10])).toBe(3);
  expect(median([])).toBeNaN();
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);

  expect([0.5, 0.9, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 90, 99, 100]);
  expect(percentile([7], 0.01)).toBe(7);
});

test('figures have three digits at least', () => {
  expect([1234.6, 99.95, 2.34567, 0.012345].map(rounded)).toEqual([1235, 100, 2.35, 0.0123]);
});
