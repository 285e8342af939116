import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { evenly, openLoop, poisson } from './open-loop.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('events that know nothing of each other come at the rate that was asked for, in order', () => {
  const halves = poisson(4, 10, () => 0.5);
  const many = poisson(20_000, 45);

  expect(halves.map(Math.round)).toEqual([69, 139, 208, 277]);
  expect(many.toSorted((a, b) => a - b)).toEqual(many);
  expect(20_000 / ((many.at(-1) ?? 0) / 1000)).toBeGreaterThan(40);
});

test('work begins at its moment, though nothing has ended that was begun before', async () => {
  const begun: number[] = [];
  const ended = openLoop(evenly(3, 100), async () => {
    begun.push(performance.now());
    await new Promise((resolve) => void setTimeout(resolve, 1_000));
  });
  const [start] = [performance.now()];
  await vi.advanceTimersByTimeAsync(5_000);

  await ended;
  expect(begun.map((moment) => Math.round(moment - start))).toEqual([0, 100, 200]);
});

test('the first failure ends it', async () => {
  const begun: number[] = [];
  const ended = openLoop(evenly(9, 100), async (i) => {
    begun.push(i);
    if (i === 1) throw new Error('refused');
  });
  const said = ended.then(
    () => 'ended',
    (error: unknown) => String(error),
  );
  await vi.advanceTimersByTimeAsync(5_000);

  expect(await said).toBe('Error: refused');
  expect(begun).toEqual([0, 1]);
});
