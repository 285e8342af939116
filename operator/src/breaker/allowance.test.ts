import { expect, test } from 'vitest';
import { aPool, at } from '../testing/workers.ts';
import { allowanceOf } from './allowance.ts';

const said = (value: string, now = '10:00:00', refused?: string) => {
  const pool = aPool({}, { annotations: { 'cortex.automation/allow-removals-until': value } });
  return allowanceOf(refused === undefined ? pool : { ...pool, status: { breaker: { refused } } }, at(now)).kind;
};

test('S9: removals are allowed until a moment at most an hour ahead', () => {
  expect(allowanceOf(aPool(), at('10:00:00')).kind).toBe('None');
  expect(said('2030-01-01T11:00:00Z')).toBe('Allowed');
  expect(said('2030-01-01T12:00:00+01:00')).toBe('Allowed');
  expect(said('2030-01-01T10:00:00Z')).toBe('Over');
});

test.for(['2030-01-01T11:00:01Z', '2030-01-01', 'tomorrow', '2030-13-01T10:00:00Z', '1h', ''])(
  'S9: "%s" is refused',
  (value) => {
    expect(said(value)).toBe('Refused');
  },
);

test('S9: what was too far ahead does not become near enough by waiting', () => {
  expect(said('2030-01-01T14:00:00Z', '13:30:00', '2030-01-01T14:00:00Z')).toBe('Refused');
  expect(said('2030-01-01T14:00:01Z', '13:30:00', '2030-01-01T14:00:00Z')).toBe('Allowed');
});
