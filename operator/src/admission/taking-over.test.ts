import { describe, expect, test } from 'vitest';
import { decided, officeOf } from '../testing/offices.ts';
import { sentence } from '../testing/verdicts.ts';
import { allocation, at, deleting, pool, reserving, running, says, worker } from '../testing/world.ts';

const taker = (name: string, more: object = {}) =>
  allocation(name, { count: 2, size: 'small', takesOver: 'old', ...more });

describe('T4: taking over', () => {
  const old = reserving(allocation('old', { count: 2, size: 'small' }), ['o-0', 'o-1'], { phase: 'Active' });
  const workers = ['o-0', 'o-1'].map((name) => running(worker(name, { claimedBy: old })));
  const full = pool('burst', { limits: { workers: 2 } });

  test('needs no room for the workers that are there', () => {
    expect(decided({ pools: [full], allocations: [old], workers, waiting: [taker('next')] })).toEqual([
      'next reserves small in burst after old, on o-0, o-1',
    ]);
  });

  test('is done once, also by two in one pass', () => {
    const office = officeOf({ pools: [full], allocations: [old], workers, waiting: [taker('next'), taker('rival')] });

    expect(office.pass(at('10:00:00')).map(sentence)).toEqual(['next reserves small in burst after old, on o-0, o-1']);
    expect(office.hasWork).toBe(true);
  });

  test('needs room for the workers that are missing', () => {
    expect(decided({ pools: [full], allocations: [old], workers, waiting: [taker('next', { count: 3 })] })).toEqual([
      "next waits, ExceedsMaxQuota: Insufficient workers: requested 3, available 2 (the pool's limit)",
    ]);
    const roomy = pool('burst', { limits: { workers: 3 } });
    expect(decided({ pools: [roomy], allocations: [old], workers, waiting: [taker('next', { count: 3 })] })).toEqual([
      'next reserves small in burst after old, on o-0, o-1',
    ]);
  });

  test('has what its predecessor was promised and never began to make', () => {
    expect(
      decided({ pools: [full], allocations: [old], workers: workers.slice(0, 1), waiting: [taker('next')] }),
    ).toEqual(['next reserves small in burst after old, on o-0']);
  });

  test('takes workers of the size it asks for, and not those that are being deleted', () => {
    const [first = worker('x'), second = worker('y')] = workers;
    const scene = { pools: [pool('burst', { limits: { workers: 5 } })], allocations: [old] };

    expect(decided({ ...scene, workers: [deleting(first), second], waiting: [taker('next')] })).toEqual([
      'next reserves small in burst after old, on o-1',
    ]);
    expect(decided({ ...scene, workers, waiting: [taker('next', { size: 'medium' })] })).toEqual([
      'next reserves medium in burst after old, on none',
    ]);
  });

  test('waits while its predecessor itself takes over', () => {
    const middle = reserving(allocation('middle', { count: 2 }), ['o-0', 'o-1'], {
      tookOver: { name: 'old', uid: old.metadata.uid },
    });

    expect(decided({ allocations: [old, middle], workers, waiting: [taker('next', { takesOver: 'middle' })] })).toEqual(
      [],
    );
  });

  test.for([
    ['never was', []],
    ['has ended', [says(old, 'Finished', true, 'TtlExpired')]],
    ['is being deleted', [deleting(old)]],
  ] as const)('from one that %s is an ordinary request', ([, allocations]) => {
    expect(decided({ allocations, waiting: [taker('next')] })).toEqual([
      'next reserves small in burst (old is gone), on none',
    ]);
  });

  test('from one that was taken over already fails, whatever the policy', () => {
    const done = says(old, 'Finished', true, 'HandedOver');

    expect(decided({ allocations: [done], waiting: [taker('next')] })[0]).toMatch(/^next fails, AlreadyHandedOver: /);
  });
});
