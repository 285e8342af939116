import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeLimit } from './time-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the signal ends when the time is over, and says that it was the time', () => {
  using limit = timeLimit(100);
  vi.advanceTimersByTime(99);
  expect(limit.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect([limit.signal.aborted, limit.expired]).toEqual([true, true]);
});

test('the signal ends with that of the caller, with its reason', () => {
  const caller = new AbortController();
  using limit = timeLimit(100, caller.signal);
  caller.abort(new Error('stop'));
  expect([limit.signal.reason, limit.expired]).toEqual([new Error('stop'), false]);
});

test('a refreshed limit counts anew', () => {
  using limit = timeLimit(100);
  vi.advanceTimersByTime(90);
  limit.refresh();
  vi.advanceTimersByTime(90);
  expect(limit.expired).toBe(false);
});

test('nothing is left behind', () => {
  timeLimit(100)[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
});
