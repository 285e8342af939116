import { expect, test } from 'vitest';
import { ofWorker, times } from './amount.ts';
import { exceedsLimits, insufficient } from './sentences.ts';

const GIB = 2 ** 30;
const plenty = { workers: 100, cpu: 1_000_000, memory: 1_000 * GIB };
const ten = times(ofWorker({ cpu: '1700m', memory: '4Gi' }), 10);

test('what fits is not explained', () => {
  expect(insufficient(ten, plenty, 0)).toBeUndefined();
  expect(insufficient(ten, ten, 0)).toBeUndefined();
});

test('too few workers are said in numbers of workers', () => {
  expect(insufficient(ten, { ...plenty, workers: 5 }, 0)).toEqual({
    reason: 'InsufficientWorkers',
    message: 'Insufficient workers: requested 10, available 5',
  });
});

test('workers that already stand for the request count on both sides', () => {
  expect(insufficient(ten, { ...plenty, workers: 5 }, 3)?.message).toBe(
    'Insufficient workers: requested 13, available 8',
  );
});

test('too little CPU is said in cores', () => {
  expect(insufficient(ten, { ...plenty, cpu: 16_000 }, 0)).toEqual({
    reason: 'InsufficientCPU',
    message: 'Insufficient CPU: needed 17, available 16',
  });
});

test('too little memory is said in MB', () => {
  expect(insufficient(ten, { ...plenty, memory: 16 * GIB }, 0)).toEqual({
    reason: 'InsufficientMemory',
    message: 'Insufficient memory: needed 40960MB, available 16384MB',
  });
});

test('a shortage of less than a megabyte still reads as a shortage', () => {
  expect(insufficient(ten, { ...plenty, memory: 40 * GIB - 1 }, 0)?.message).toBe(
    'Insufficient memory: needed 40960MB, available 40959MB',
  );
});

test('A9: what can never fit says so, with the limit of the pool', () => {
  expect(exceedsLimits(ten, { ...plenty, workers: 5 })).toEqual({
    reason: 'ExceedsMaxQuota',
    message: "Insufficient workers: requested 10, available 5 (the pool's limit)",
  });
});

test('A9: without limits nothing exceeds them', () => {
  const none = { workers: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY };

  expect(exceedsLimits(ten, none)).toBeUndefined();
});
