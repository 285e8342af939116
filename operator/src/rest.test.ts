import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveBackAtRest } from './rest.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LOOK_MS = 500;

/** What is said to V8, look by look, when the event loop worked so much before each. */
function said(...shares: number[]): string[] {
  const flags: string[] = [];
  const stop = giveBackAtRest(
    () => shares.shift() ?? 0,
    (flag) => void flags.push(`${flag} ${shares.length}`),
  );
  vi.advanceTimersByTime(shares.length * LOOK_MS);
  stop();
  vi.advanceTimersByTime(99 * LOOK_MS);
  return flags;
}

test('memory is favoured once the event loop was quiet for two seconds, speed from the first busy look on', () => {
  expect(said(0.02, 0.05, 0, 0, 0, 0.9, 0.4, 0.01)).toEqual(['--optimize-for-size 4', '--no-optimize-for-size 2']);
});

test('a moment of quiet in a burst changes nothing', () => {
  expect(said(0.9, 0, 0, 0, 0.2, 0, 0, 0, 0.5)).toEqual([]);
});
