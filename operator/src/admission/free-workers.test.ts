import { describe, expect, test } from 'vitest';
import { decided, verdicts } from '../testing/offices.ts';
import { admitted, allocation, deleting, pool, running, warm, worker } from '../testing/world.ts';

const NOON = '12:00:00';

describe('C1: free workers', () => {
  const two = [warm('w-1', { size: 'medium' }), warm('w-2', { size: 'medium' })];

  test('that cover the request are claimed, and the claims are the reservation', () => {
    expect(verdicts({ workers: two, waiting: [allocation('a', { count: 2 })] })).toEqual(['a claims w-1, w-2']);
  });

  test('that do not cover it are named in the reservation of the rest', () => {
    expect(verdicts({ workers: two, waiting: [allocation('a', { count: 3 })] })).toEqual([
      'a reserves medium in burst, on w-1, w-2',
    ]);
  });

  test('are claimed in a full pool: they hold their slots already', () => {
    const full = pool('burst', { limits: { workers: 2 } });

    expect(verdicts({ pools: [full], workers: two, waiting: [allocation('a', { count: 2 })] })).toEqual([
      'a claims w-1, w-2',
    ]);
  });

  test('go to one request each', () => {
    expect(verdicts({ workers: two, waiting: [allocation('a'), allocation('b', { at: '10:00:01' })] })).toEqual([
      'a claims w-1',
      'b claims w-2',
    ]);
  });

  test('of another size are left alone', () => {
    expect(verdicts({ workers: two, waiting: [allocation('a', { size: 'large' })] })).toEqual([
      'a reserves large in burst, on none',
    ]);
  });

  test('that end before the claim does are left alone', () => {
    const short = pool('burst', { limits: { workers: 5 }, ttl: { default: '4h', max: '4h' } });
    const old = warm('old', { size: 'medium', at: '08:00:00' });
    const young = warm('young', { size: 'medium', at: '09:00:00' });

    expect(
      verdicts({
        pools: [short],
        workers: [old, young],
        waiting: [allocation('a', { ttl: '2h50m' })],
        now: '10:00:00',
      }),
    ).toEqual(['a claims young']);
    expect(
      verdicts({ pools: [short], workers: [old], waiting: [allocation('a', { ttl: '1h51m' })], now: '10:00:00' }),
    ).toEqual(['a reserves medium in burst, on none']);
  });
});

describe('C1: claims that a crash cut short', () => {
  const cut = allocation('cut', { count: 2, at: '11:30:00' });
  const begun = running(worker('w-1', { size: 'medium', claimedBy: cut }));
  const free = warm('w-2', { size: 'medium' });

  test('are completed before anybody else is served', () => {
    const older = allocation('older', { at: '11:00:00', priority: 'Critical' });

    expect(verdicts({ workers: [begun, free], waiting: [older, cut], now: NOON })).toEqual([
      'older reserves medium in burst, on none',
      'cut claims w-2',
    ]);
  });

  test('A3: are taken back where they cannot be completed, so that two halves do not wait for each other', () => {
    const full = pool('burst', { limits: { workers: 2 } });
    const other = admitted(worker('other'));

    expect(verdicts({ pools: [full], workers: [begun, other], waiting: [cut], now: NOON })).toEqual([
      'cut gives back w-1',
      'cut waits, InsufficientWorkers: Insufficient workers: requested 2, available 1',
    ]);
  });

  test('are completed by new workers where none is free', () => {
    expect(verdicts({ workers: [begun], waiting: [cut], now: NOON })).toEqual(['cut reserves medium in burst, on w-1']);
  });

  test('do not count on a claimed worker that is on its way out', () => {
    expect(verdicts({ workers: [deleting(begun), free], waiting: [cut], now: NOON })).toEqual([
      'cut reserves medium in burst, on w-2',
    ]);
  });
});

describe('C4: free workers in the way', () => {
  const full = pool('burst', { limits: { workers: 2 } });
  const [old, young] = [warm('old', { at: '08:00:00' }), warm('young', { at: '09:00:00' })];

  test('are retired for a request that they cannot serve, the oldest first and no more than needed', () => {
    expect(decided({ pools: [full], workers: [young, old], waiting: [allocation('a', { size: 'large' })] })).toEqual([
      'old is retired for a',
      'a waits, InsufficientWorkers: Insufficient workers: requested 1, available 0',
    ]);
  });

  test('are retired once: what is on its way out is waited for', () => {
    expect(
      decided({ pools: [full], workers: [deleting(old), young], waiting: [allocation('a', { size: 'large' })] }),
    ).toEqual(['a waits, InsufficientWorkers: Insufficient workers: requested 1, available 0']);
  });

  test('are left alone where that would not be enough', () => {
    const other = admitted(worker('other', { size: 'large' }));
    const tight = pool('burst', { limits: { cpu: '12' } });

    expect(decided({ pools: [tight], workers: [old, other], waiting: [allocation('a', { size: 'large' })] })).toEqual([
      'a waits, InsufficientCPU: Insufficient CPU: needed 8, available 2',
    ]);
  });

  test('are not made while somebody waits', () => {
    const asked = worker('warm-3', { claimable: true });
    const waits = allocation('a', { count: 3, priority: 'Low' });
    const roomy = pool('burst', { limits: { workers: 3 } });
    const busy = admitted(worker('busy'));

    expect(verdicts({ pools: [roomy], workers: [busy], waiting: [waits, asked] })[1]).toBe(
      'warm-3 waits, WaitingForQuota: Requests wait for this pool, and come before its warm workers',
    );
    expect(verdicts({ pools: [roomy], workers: [busy], waiting: [asked] })).toEqual(['warm-3 is admitted as small']);
  });
});
