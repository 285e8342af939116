import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveBackAtRest } from './rest.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LOOK_MS = 2_000;

test('memory is favoured while the event loop rests, speed under load, and nothing is said twice', () => {
  const shares = [0.02, 0.05, 0.9, 0.4, 0.01];
  const said: string[] = [];
  const stop = giveBackAtRest(
    () => shares.shift() ?? 0,
    (flag) => void said.push(flag),
  );
  vi.advanceTimersByTime(5 * LOOK_MS);
  stop();
  vi.advanceTimersByTime(5 * LOOK_MS);

  expect(said).toEqual(['--optimize-for-size', '--no-optimize-for-size', '--optimize-for-size']);
});
