import { expect, test } from 'vitest';
import { inFlight } from './in-flight.ts';

test('everything is done once, so many at a time', async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];

  const { n } = await inFlight(50, 8, async (i) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    done.push(i);
  });

  expect([n, most]).toEqual([50, 8]);
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('a load that lost a part is no load', async () => {
  let begun = 0;
  const load = inFlight(1_000, 4, async (i) => {
    begun++;
    await Promise.resolve();
    if (i === 10) throw new Error('refused');
  });

  await expect(load).rejects.toThrow('refused');
  expect(begun).toBeLessThan(30);
});
