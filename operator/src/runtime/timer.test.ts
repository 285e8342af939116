import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimer } from './timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DAY = 86_400_000;

test('T8: a timer of thirty days fires after thirty days, although Node would fire it at once', () => {
  const fire = vi.fn<() => void>();
  startTimer(30 * DAY, fire);
  vi.advanceTimersByTime(30 * DAY - 1);
  expect(fire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(fire).toHaveBeenCalledOnce();
});

test('T8: no single wait is longer than an hour', () => {
  const wait = vi.spyOn(globalThis, 'setTimeout');
  startTimer(10 * 3_600_000, () => undefined);
  vi.advanceTimersByTime(10 * 3_600_000);
  expect(Math.max(...wait.mock.calls.map(([, ms]) => ms ?? 0))).toBe(3_600_000);
});

test('a cancelled timer does not fire, also after it was re-armed', () => {
  const fire = vi.fn<() => void>();
  const cancel = startTimer(2 * 3_600_000, fire);
  vi.advanceTimersByTime(5_400_000);
  cancel();
  vi.advanceTimersByTime(DAY);
  expect(fire).not.toHaveBeenCalled();
});
