import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServerClock } from './clock.ts';

const LOCAL = Date.parse('2026-01-01T00:00:00.000Z');

beforeEach(() => void vi.useFakeTimers({ now: LOCAL }));
afterEach(() => void vi.useRealTimers());

/** An answer of a server that is this far ahead, written halfway through a round trip of `tripMs`. */
function hear(clock: ServerClock, aheadMs: number, tripMs = 4): void {
  const sentAt = performance.now();
  vi.advanceTimersByTime(tripMs / 2);
  const header = new Date(Date.now() + aheadMs).toUTCString();
  vi.advanceTimersByTime(tripMs / 2);
  clock.observe(header, sentAt, performance.now());
}

const errorMs = (clock: ServerClock, aheadMs: number): number => Math.abs(clock.now().getTime() - Date.now() - aheadMs);

test('T7: without an answer the time is not trusted', () => {
  const clock = new ServerClock();

  expect([clock.skewMs, clock.trusted]).toEqual([undefined, false]);
  expect(clock.now()).toEqual(new Date());
});

test('T7: one answer tells the time to half a second, many to a few milliseconds', () => {
  const clock = new ServerClock();
  hear(clock, 7_300);
  expect(errorMs(clock, 7_300)).toBeLessThanOrEqual(510);
  for (let call = 0; call < 200; call++) {
    hear(clock, 7_300);
    vi.advanceTimersByTime(33);
  }
  expect(errorMs(clock, 7_300)).toBeLessThan(20);
  expect(clock.trusted).toBe(true);
});

test.for([
  [29_000, true],
  [-29_000, true],
  [31_000, false],
  [-300_000, false],
] as const)('T7: with a skew of %i ms the time is trusted: %s', ([aheadMs, trusted]) => {
  const clock = new ServerClock();
  hear(clock, aheadMs);

  expect(clock.trusted).toBe(trusted);
  expect(clock.skewMs).toBeCloseTo(aheadMs, -3);
});

test("setting this machine's clock changes the skew, not the time", () => {
  const clock = new ServerClock();
  hear(clock, 0);
  const before = clock.now().getTime();
  vi.setSystemTime(LOCAL + 300_000);

  expect(clock.now().getTime()).toBe(before);
  expect(clock.trusted).toBe(false);
});

test('one odd server among several is not believed, a clock that was set is', () => {
  const clock = new ServerClock();
  hear(clock, 0);
  hear(clock, 20_000);
  expect([errorMs(clock, 0) < 1000, clock.trusted]).toEqual([true, false]);
  hear(clock, 0);
  expect(clock.trusted).toBe(true);

  for (let call = 0; call < 3; call++) hear(clock, 20_000);
  expect([errorMs(clock, 20_000) < 1000, clock.trusted]).toEqual([true, true]);
});

test('the time does not go back while it is narrowed', () => {
  const clock = new ServerClock();
  let last = 0;
  for (let call = 0; call < 300; call++) {
    hear(clock, 400, (call * 37) % 200);
    vi.advanceTimersByTime(17);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(last);
    last = clock.now().getTime();
  }
});

test('an unreadable header changes nothing', () => {
  const clock = new ServerClock();
  clock.observe('yesterday', 0, 1);

  expect(clock.skewMs).toBeUndefined();
});

test.for([0, 130, 499, 501, 870, 999])(
  'S2: with the first answer %i ms into a second, the earliest time is one that the API server has reached',
  (intoTheSecond) => {
    const clock = new ServerClock();
    hear(clock, intoTheSecond);
    vi.advanceTimersByTime(50);

    expect(clock.earliest().getTime()).toBeLessThanOrEqual(Date.now() + intoTheSecond);
    expect(clock.earliest().getTime()).toBeGreaterThan(Date.now() + intoTheSecond - 1_010);
  },
);
