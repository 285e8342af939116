import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.for([
  ['0s', 0],
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['1h30m', 5_400_000],
  ['30m1h', 5_400_000],
  ['1h0m1.5s', 3_601_500],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['1000000ns', 1],
  ['8760h', 31_536_000_000],
] as const)('%s is %d ms', ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms);
});

test.for(['', '5', '-5m', '5 m', '1d', 'h', '1h30', '.5h', '5M', '100000h', '5m\n'])('"%s" is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(RangeError);
});

test('the longest duration that fits its field is a date that JavaScript knows', () => {
  const longest = '99999h'.repeat(5);
  expect(new Date(parseDuration(longest)).getUTCFullYear()).toBeLessThan(10_000);
});

test.for([
  [0, '0s'],
  [999, '0s'],
  [45_000, '45s'],
  [90_000, '1m30s'],
  [5_400_000, '1h30m'],
  [604_800_000, '168h'],
] as const)('%d ms is written %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text);
});

test('whole seconds survive being written and read', () => {
  fc.assert(
    fc.property(fc.nat(31_536_000), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
    }),
    { seed: 1 },
  );
});
