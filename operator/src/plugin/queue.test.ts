import { expect, test } from 'vitest';
import { allocation, pool, says } from '../testing/world.ts';
import { seen, shown, small } from '../testing/snapshot.ts';
import { queue } from './queue.ts';

test('the queue lists those who wait in the order in which they are served, however they were listed', () => {
  const waiting = [
    allocation('late', { count: 9, at: '10:05:00' }),
    allocation('early', { count: 9 }),
    allocation('urgent', { count: 9, at: '10:10:00', priority: 'High' }),
  ];

  expect(shown(queue(seen({ pools: [pool('burst', { limits: { workers: 2 } })], allocations: waiting })))).toEqual([
    'POOL   TURN  NAME         PRIORITY  WORKERS  AGE  REASON        FAILS IN',
    'burst  1     team/urgent  High      9        20m  just created  40m',
    'burst  2     team/early   Normal    9        30m  just created  30m',
    'burst  3     team/late    Normal    9        25m  just created  35m',
  ]);
});

test('the queue lists those whom no free capacity would help, without a turn', () => {
  const lost = says(allocation('lost', { pool: 'none' }), 'Ready', false, 'PoolNotFound');

  expect(shown(queue(seen({ pools: [small], allocations: [lost] })))[1]).toBe(
    '-     -     team/lost  Normal    1        30m  PoolNotFound  30m',
  );
});

test('the queue says when nobody waits', () => {
  expect(shown(queue(seen({ pools: [small] })))).toEqual(['Nobody waits.']);
});
