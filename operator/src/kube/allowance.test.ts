import { expect, test } from 'vitest';
import { TokenBucket } from './allowance.ts';

test('after a rest as many calls as the burst are made at once, and then one with each token', () => {
  const bucket = new TokenBucket({ qps: 50, burst: 3 });

  expect([1, 2, 3, 4, 5].map(() => bucket.take(1_000))).toEqual([0, 0, 0, 20, 40]);
});

test('tokens come back while nobody calls, up to the burst and not beyond', () => {
  const bucket = new TokenBucket({ qps: 50, burst: 2 });
  for (let i = 0; i < 4; i++) bucket.take(0);

  expect(bucket.take(60)).toBe(0 + 0);
  expect([1, 2, 3].map(() => bucket.take(10_000))).toEqual([0, 0, 20]);
});

test('fifty a second are fifty a second, however they are asked for', () => {
  const bucket = new TokenBucket({ qps: 50, burst: 100 });
  let [now, made] = [0, 0];
  while (now < 60_000) {
    now += bucket.take(now);
    made++;
  }

  expect(made).toBe(100 + 50 * 60);
});
