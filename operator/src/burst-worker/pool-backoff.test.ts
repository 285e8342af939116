import { expect, test } from 'vitest';
import { at } from '../testing/workers.ts';
import { PoolBackoff } from './pool-backoff.ts';

const later = (backoff: PoolBackoff, from: Date): number => (backoff.until('burst') - from.getTime()) / 1000;

test('A12: a pool whose machines fail waits longer each time, and not at all once one succeeds', () => {
  const backoff = new PoolBackoff();
  expect(backoff.until('burst')).toBe(0);

  backoff.failed('burst', at('10:00:00'));
  expect(later(backoff, at('10:00:00'))).toBe(30);
  backoff.failed('burst', at('10:01:00'));
  expect(later(backoff, at('10:01:00'))).toBe(60);
  backoff.succeeded('burst');
  expect(backoff.until('burst')).toBe(0);
});

test('A12: five machines that fail together are one failure, and another pool is not meant', () => {
  const backoff = new PoolBackoff();
  for (let i = 0; i < 5; i++) backoff.failed('burst', at('10:00:00'));

  expect(later(backoff, at('10:00:00'))).toBe(30);
  expect(backoff.until('gpu')).toBe(0);
});

test('A12: it waits ten minutes at the longest', () => {
  const backoff = new PoolBackoff();
  for (let hour = 0; hour < 20; hour++) backoff.failed('burst', at(`${String(hour).padStart(2, '0')}:00:00`));

  expect(later(backoff, at('19:00:00'))).toBe(600);
});
