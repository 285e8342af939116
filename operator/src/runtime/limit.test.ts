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

test('D10: urgent work waits for a free place alone, and for nobody who came before', async () => {
  const limit = new Limit(1);
  const order: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const work = async (item: string): Promise<void> => {
    order.push(item);
    if (order.length === 1) await begun;
  };
  const many = limit.each(['a', 'b', 'c'], 3, work);
  const freed = ['freed', 'freed next'].map(async (item) => await limit.each([item], 1, work, () => true));
  begin();
  await Promise.all([many, ...freed]);

  expect(order).toEqual(['a', 'freed', 'freed next', 'b', 'c']);
});
