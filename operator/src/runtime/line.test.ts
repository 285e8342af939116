import { expect, test } from 'vitest';
import { Line } from './line.ts';

const any = (): boolean => true;

test('urgent keys go before all others in the order they became so, and others in the order they came', () => {
  const line = new Line();
  for (const key of ['a', 'b', 'c']) line.push(key);
  for (const key of ['y', 'z']) line.putFirst(key);

  expect([1, 2, 3, 4, 5].map(() => line.take(any))).toEqual(['y', 'z', 'a', 'b', 'c']);
  expect(line.isEmpty).toBe(true);
});

test('an urgent key that may not be taken yet keeps its place, and holds nobody up; another loses it', () => {
  const line = new Line();
  for (const key of ['a', 'b']) line.push(key);
  line.putFirst('z');

  expect(line.take((key) => key === 'b')).toBe('b');
  expect(line.take(() => false)).toBeUndefined();
  expect(line.take(any)).toBe('z');
  expect(line.take(any)).toBeUndefined();
});
