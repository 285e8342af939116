import type { Allocation } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { timestamp } from '../conditions.ts';
import { aNode, aPool, at, aWorker, registered, seenOf } from '../testing/workers.ts';
import { departureOf } from './departure.ts';
import { endingOf } from './ending.ts';
import { isInitialized } from './node-state.ts';
import type { Seen } from './seen.ts';

const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'Delete' as const };
const claimant = (hardStopAt?: string) => ({
  state: 'Live' as const,
  allocation: { status: hardStopAt === undefined ? {} : { hardStopAt } } as Allocation,
});
const expiresAt = (seen: Seen): string | undefined => {
  const end = endingOf(seen);
  return end && timestamp(new Date(end.expiresAt));
};

const claimed = (ttl: string, hardStopAt?: string, pool = aPool({ ttl: { default: '1h', max: '24h' } })) =>
  seenOf({ worker: aWorker({ ttl, claimRef }, registered()), claimant: claimant(hardStopAt), pool });

describe('when a worker ends', () => {
  test('T1: its ttl counts from registration', () => {
    expect(expiresAt(claimed('2h', '2030-01-01T11:00:00Z'))).toBe('2030-01-01T12:01:00Z');
  });

  test('T2: while claimed it lasts as long as the claim needs', () => {
    expect(expiresAt(claimed('1h', '2030-01-01T15:00:00Z'))).toBe('2030-01-01T15:00:00Z');
  });

  test('T2: a claimant that is not Ready yet has no end, so the ceiling counts', () => {
    expect(expiresAt(claimed('1h'))).toBe('2030-01-02T10:00:00Z');
  });

  test('T1: nothing passes the ceiling of the pool, counted from creation', () => {
    expect(expiresAt(claimed('1h', '2030-01-09T00:00:00Z'))).toBe('2030-01-02T10:00:00Z');
    expect(expiresAt(claimed('96h', '2030-01-01T11:00:00Z'))).toBe('2030-01-02T10:00:00Z');
  });

  test('T6: a free one ends a little early, a claimed one never', () => {
    const free = endingOf(seenOf({ worker: aWorker({ ttl: '1h' }, registered()) }))?.expiresAt ?? 0;

    expect(free).toBeLessThanOrEqual(at('11:01:00').getTime());
    expect(free).toBeGreaterThanOrEqual(at('10:56:00').getTime());
  });

  test('T1: what has no Node yet has no end', () => {
    expect(endingOf(seenOf())).toBeUndefined();
  });
});

describe('why a worker goes', () => {
  const now = at('10:02:00');
  const worker = aWorker({ claimRef, ttl: '1h' }, registered());

  test.for([
    [{ state: 'Gone' }, 'Released'],
    [{ state: 'Releasing', allocation: {} as Allocation }, 'Released'],
    [claimant(), undefined],
  ] as const)('C2: a claimant that is %o means %s', ([is, departure]) => {
    expect(departureOf(seenOf({ worker, claimant: is }), now)).toBe(departure);
  });

  test('T2: a DELETE wins over everything, protection included', () => {
    const deleted = aWorker({ claimRef, deletionProtection: true }, registered(), {
      deletionTimestamp: timestamp(now),
    });

    expect(departureOf(seenOf({ worker: deleted, claimant: claimant() }), now)).toBe('Deleted');
  });

  test('protection suspends release and expiry', () => {
    const kept = aWorker({ claimRef, deletionProtection: true, ttl: '60s' }, registered());

    expect(departureOf(seenOf({ worker: kept, claimant: { state: 'Gone' } }), at('20:00:00'))).toBeUndefined();
  });
});

const taint = (key: string) => aNode({ spec: { taints: [{ key, effect: 'NoSchedule' }] } });

test('a Node is whole when its kubelet answers and its birth taints are gone', () => {
  expect(isInitialized(aNode())).toBe(true);
  expect(isInitialized(aNode({ ready: false }))).toBe(false);
  expect(isInitialized(taint('node.cloudprovider.kubernetes.io/uninitialized'))).toBe(false);
  expect(isInitialized(taint('anything/else'))).toBe(true);
});
