import { expect, test } from 'vitest';
import { isChosen, optionsFrom, scaled } from './options.ts';

test('unless told otherwise: every benchmark three times at full size, waiting for the disk', () => {
  expect(optionsFrom({})).toEqual({ only: [], runs: 3, fsync: true, scale: 1, profile: undefined });
});

test('everything can be chosen', () => {
  const env = { BENCH: 'B0,B1a', REPS: '5', FSYNC: 'off', SCALE: '0.1', PROFILE: 'profiles' };

  expect(optionsFrom(env)).toEqual({ only: ['B0', 'B1a'], runs: 5, fsync: false, scale: 0.1, profile: 'profiles' });
  expect(scaled(1_000, { scale: 0.1 })).toBe(100);
  expect(scaled(3, { scale: 0.1 })).toBe(1);
});

test.for([
  [{ REPS: '1.5' }, 'REPS=1.5 is no positive number without a fraction'],
  [{ REPS: '' }, 'REPS= is no positive number'],
  [{ SCALE: '-1' }, 'SCALE=-1 is no positive number'],
  [{ FSYNC: 'yes' }, 'FSYNC=yes is none of: on, off'],
] as const)('%o is refused by name', ([env, sentence]) => {
  expect(() => optionsFrom(env)).toThrow(sentence);
});

test.for([
  [[], ['B1a', 'B1a-i', 'B1a-ii', 'B0']],
  [['b1a'], ['B1a', 'B1a-i', 'B1a-ii']],
  [
    ['B1a-i', 'B0'],
    ['B1a', 'B1a-i', 'B0'],
  ],
] as const)('BENCH=%s is %s: a benchmark is chosen by its id, or by one of its figures', ([only, chosen]) => {
  expect(['B1a', 'B1a-i', 'B1a-ii', 'B0'].filter((id) => isChosen(id, { only }))).toEqual(chosen);
});
