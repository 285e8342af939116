import { expect, test } from 'vitest';
import { claimMark, wishName, workerName } from './names.ts';

const uid = '0b9d2c44-93a5-4d0e-a3f6-6f1f6a8f3f10';

test('C1: a worker is named for its pool, its claimant and its ordinal, and fits a Node name', () => {
  expect(workerName('burst', uid, 0)).toMatch(/^burst-[0-9a-f]{10}-0$/);
  expect(workerName('p'.repeat(40), uid, 9999).length).toBeLessThanOrEqual(63);
  expect(workerName('burst', uid, 1)).not.toBe(workerName('burst', `${uid}x`, 1));
});

test('C3: a mark is a label value, and two long jobs do not share one', () => {
  expect(claimMark('team-a', 'job-1')).toBe('team-a.job-1');
  const long = [claimMark('n'.repeat(60), 'a'.repeat(60)), claimMark('n'.repeat(60), 'b'.repeat(60))];
  expect(long[0]).not.toBe(long[1]);
  for (const mark of long) expect(mark).toMatch(/^[a-z0-9.-]{63}$/);
});

test('C6: the wishes of one Allocation differ by server, and stay a DNS name however it is called', () => {
  const allocation = { name: `${'x'.repeat(39)}-and-more`, uid };
  expect(wishName(allocation, 'github')).not.toBe(wishName(allocation, 'filesystem'));
  expect(wishName(allocation, 'github')).toMatch(/^x{39}-[0-9a-f]{10}$/);
});
