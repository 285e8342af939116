import { expect, test } from 'vitest';
import { Limit } from './limit.ts';

test('no more than so many run at once, whoever asks, and all of them in the end', async () => {
  const limit = new Limit(3);
  let [running, most, done] = [0, 0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    done++;
  };
  await Promise.all([limit.each(Array(10).fill(0), 2, work), limit.each(Array(10).fill(0), 10, work)]);

  expect([most, done]).toEqual([3, 20]);
});

test('what fails frees its place, and is answered', async () => {
  const limit = new Limit(1);
  const broken = new Error('broken');
  const failures = await limit.each([1, 2], 2, async () => {
    throw broken;
  });

  expect(failures).toEqual([broken, broken]);
  expect(await limit.each([1], 1, async () => undefined)).toEqual([]);
});
