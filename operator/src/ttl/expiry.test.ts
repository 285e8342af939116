import { assert, integer, property, uuid } from 'fast-check';
import { expect, test } from 'vitest';
import { ending, jitter } from './expiry.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const life = { startedAt: HOUR, ttlMs: HOUR, ceilingFrom: 0, ceilingMs: 24 * HOUR, drainTimeoutMs: 10 * MINUTE };

test('T1: ttl counts from the start, and the hard stop is one drain later', () => {
  expect(ending(life)).toEqual({ expiresAt: 2 * HOUR, hardStopAt: 2 * HOUR + 10 * MINUTE, because: 'TtlExpired' });
});

test('T1: no start, no end', () => {
  expect(ending({ ...life, startedAt: undefined })).toBeUndefined();
});

test('T1: a start that never comes leaves the ceiling', () => {
  expect(ending({ ...life, startedAt: Number.POSITIVE_INFINITY })).toMatchObject({
    expiresAt: 24 * HOUR,
    because: 'MaxLifetimeReached',
  });
});

test('T1: a raised ttl never passes the ceiling, counted from creation', () => {
  expect(ending({ ...life, ttlMs: 48 * HOUR })).toMatchObject({ expiresAt: 24 * HOUR, because: 'MaxLifetimeReached' });
});

test('T6: jitter is the same for the same UID, at most a tenth of the ttl, at most five minutes', () => {
  assert(
    property(uuid(), integer({ min: MINUTE, max: 200 * HOUR }), (uid, ttl) => {
      const early = jitter(uid, ttl);
      expect(jitter(uid, ttl)).toBe(early);
      expect(early).toBeGreaterThanOrEqual(0);
      expect(early).toBeLessThanOrEqual(Math.min(ttl / 10, 5 * MINUTE));
    }),
  );
});

test('T6: two UIDs of one herd do not end together', () => {
  const herd = Array.from({ length: 100 }, (_, i) =>
    jitter(`6a1f8c1e-0000-4000-8000-${String(i).padStart(12, '0')}`, HOUR),
  );

  expect(new Set(herd).size).toBeGreaterThan(90);
});
