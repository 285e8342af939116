import { expect, test } from 'vitest';
import { at } from '../testing/workers.ts';
import { Asked } from './asked.ts';

test('B5: what was accepted is not asked for again for five seconds', () => {
  const asked = new Asked();
  asked.add('a', at('10:00:00'));
  asked.add('b', at('10:00:03'));
  asked.add('a', at('10:00:04'));

  expect([...asked.byPod]).toEqual([
    ['b', at('10:00:08')],
    ['a', at('10:00:09')],
  ]);
});

test('of pods that are gone nothing is kept, whenever the answer came', () => {
  const asked = new Asked();
  for (let i = 0; i < 10_000; i++) asked.add(`pod-${i}`, new Date(at('10:00:00').getTime() + 100 * i));

  expect(asked.byPod.size).toBe(50);
});
