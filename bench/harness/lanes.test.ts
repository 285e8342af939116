import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('so many at once, the others in their order, and one that fails makes room too', async () => {
  const [lanes, begun, ends] = [new Lanes(2), [] as number[], [] as PromiseWithResolvers<void>[]];
  const calls = [0, 1, 2, 3].map((i) =>
    lanes.through(async () => {
      begun.push(i);
      await (ends[i] = Promise.withResolvers<void>()).promise;
    }),
  );
  expect(begun).toEqual([0, 1]);

  ends[1]?.reject(new Error('refused'));
  await expect(calls[1]).rejects.toThrow('refused');
  expect(begun).toEqual([0, 1, 2]);

  ends[0]?.resolve();
  ends[2]?.resolve();
  await Promise.all([calls[0], calls[2]]);
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[3]?.resolve();
  await calls[3];
});
