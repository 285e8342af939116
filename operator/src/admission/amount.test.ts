import { assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { asQuantities, atLeastNothing, cores, minus, NOTHING, ofWorker, plus, times } from './amount.ts';

const GIB = 2 ** 30;
const amounts = record({
  workers: integer({ min: 0, max: 10_000 }),
  cpu: integer({ min: 0, max: 10_000_000 }),
  memory: integer({ min: 0, max: 2 ** 45 }),
});

test('a worker is counted in milli-cores and bytes', () => {
  expect(ofWorker({ cpu: '2', memory: '4Gi' })).toEqual({ workers: 1, cpu: 2_000, memory: 4 * GIB });
  expect(ofWorker({ cpu: '1500m', memory: '512Mi' })).toEqual({ workers: 1, cpu: 1_500, memory: GIB / 2 });
});

test('A1: amounts are whole numbers, rounded up as Kubernetes rounds quantities, so that sums are exact', () => {
  expect(ofWorker({ cpu: '0.0001', memory: '0.1Gi' })).toEqual({ workers: 1, cpu: 1, memory: 107_374_183 });
  expect(ofWorker({ cpu: '1.1', memory: '100m' })).toEqual({ workers: 1, cpu: 1_100, memory: 1 });
});

test('A1: what is added and taken away leaves what was there', () => {
  assert(
    property(amounts, amounts, (a, b) => {
      expect(minus(plus(a, b), b)).toEqual(a);
    }),
  );
});

test('n of one amount are that amount n times over', () => {
  assert(
    property(amounts, integer({ min: 0, max: 100 }), (one, n) => {
      expect(times(one, n)).toEqual(Array.from({ length: n }, () => one).reduce(plus, NOTHING));
    }),
  );
});

test('nothing is less than nothing', () => {
  expect(atLeastNothing({ workers: -1, cpu: 5, memory: -7 })).toEqual({ workers: 0, cpu: 5, memory: 0 });
});

test('an amount is published as quantities', () => {
  expect(asQuantities({ workers: 3, cpu: 4_500, memory: 12 * GIB })).toEqual({
    workers: 3,
    cpu: '4500m',
    memory: '12Gi',
  });
});

test('an axis without a limit is left out: the API knows no infinity', () => {
  const unlimited = {
    workers: Number.POSITIVE_INFINITY,
    cpu: Number.POSITIVE_INFINITY,
    memory: Number.POSITIVE_INFINITY,
  };

  expect(asQuantities(unlimited)).toEqual({});
});

test('whole cores are said as whole cores', () => {
  expect(cores(17_000)).toBe('17');
  expect(cores(500)).toBe('500m');
});
