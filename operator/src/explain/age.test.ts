import { expect, test } from 'vitest';
import { age } from './age.ts';

test('a length of time is told in at most two units', () => {
  const [second, minute, hour, day] = [1e3, 6e4, 3.6e6, 8.64e7] as const;

  expect([0, 400, second * 59, minute + second, hour, hour + second, day * 3 + hour * 2 + minute].map(age)).toEqual([
    '0s',
    '0s',
    '59s',
    '1m1s',
    '1h',
    '1h1s',
    '3d2h',
  ]);
  expect(age(-5)).toBe('0s');
});
