import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMemory, parseCpu, parseMemory } from './quantity.ts';

test.for([
  ['4', 4],
  ['0.5', 0.5],
  ['500m', 0.5],
  ['3920m', 3.92],
  ['100u', 0.0001],
  ['2k', 2000],
] as const)('%s is %d cores', ([text, cores]) => {
  expect(parseCpu(text)).toBeCloseTo(cores, 9);
});

test.for([
  ['0', 0],
  ['1024', 1024],
  ['4Ki', 4096],
  ['1.5Mi', 1_572_864],
  ['16Gi', 17_179_869_184],
  ['2Ti', 2_199_023_255_552],
  ['1k', 1000],
  ['128974848000m', 128_974_848],
  ['5M', 5_000_000],
  ['3G', 3_000_000_000],
  ['12e6', 12_000_000],
  ['12E6', 12_000_000],
] as const)('%s is %d bytes', ([text, bytes]) => {
  expect(parseMemory(text)).toBe(bytes);
});

test.for(['', 'Gi', '-1', '4 Gi', '4gb', '1e999', '1e-3', '.5', '4Gi\n', 'NaN'])('"%s" is no quantity', (text) => {
  expect(() => parseMemory(text)).toThrow(RangeError);
});

test.for([
  [0, '0'],
  [1000, '1000'],
  [4096, '4Ki'],
  [1.5 * 2 ** 30, '1536Mi'],
  [2 ** 34, '16Gi'],
  [2 ** 41, '2Ti'],
] as const)('%d bytes are written %s', ([bytes, text]) => {
  expect(formatMemory(bytes)).toBe(text);
});

test('whole bytes survive being written and read', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(40), (amount, power) => {
      const bytes = Math.min(amount * 2 ** power, Number.MAX_SAFE_INTEGER);
      expect(parseMemory(formatMemory(bytes))).toBe(bytes);
    }),
    { seed: 1 },
  );
});
