import { expect, test } from 'vitest';
import { baseline, KINDS, POOLS } from './shape.ts';

test('the baseline is fifteen thousand jobs of three kinds in six pools, within a minute', () => {
  const jobs = baseline(1);

  expect(jobs).toHaveLength(15_000);
  expect(KINDS.map(({ name }) => jobs.filter(({ kind }) => kind === name).length)).toEqual([1_500, 3_000, 10_500]);
  expect(POOLS.map((pool) => jobs.filter((job) => job.pool === pool).length)).toEqual(POOLS.map(() => 2_500));
  expect(new Set(jobs.map(({ name }) => name)).size).toBe(15_000);
  expect(jobs.at(-1)?.at).toBe(49 * 1_200);
});

test('a tenth of it is a tenth of each kind', () => {
  expect(baseline(0.1)).toHaveLength(1_500);
});
