import type { McpServerScale } from '@cortex/crds';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { server, wish } from '../testing/servers.ts';
import { type Base, effective, sayBecause } from './effective.ts';
import { standing } from './wishes.ts';

const base = (wants: number, found = true): Base => ({ kind: 'Deployment', name: 'clock', wants, found });

function comesTo(wishes: McpServerScale[], from = base(1), replicas: object = {}): string {
  const { replicas: number, because, clamped } = effective(server('clock', { replicas }), standing(wishes, 0), from);
  return `${number}: ${sayBecause(because)}${clamped === undefined ? '' : `; cut from ${clamped}`}`;
}

const set = (name: string, replicas: number, version: number) => wish(name, replicas, { version });
const floor = (name: string, replicas: number, version: number) => wish(name, replicas, { version, policy: 'AtLeast' });
const override = (name: string, replicas: number, version: number) =>
  wish(name, replicas, { version, policy: 'Override' });

test.for<[string, McpServerScale[], string]>([
  ['nobody wishes', [], '1: Deployment clock wants 1'],
  ['one Set', [set('a', 3, 1)], '3: McpServerScale a wants 3'],
  ['a Set to zero', [set('a', 0, 1)], '0: McpServerScale a wants 0'],
  ['two Sets', [set('a', 3, 1), set('b', 2, 2)], '2: McpServerScale b wants 2'],
  ['a floor below the Set', [set('a', 3, 1), floor('f', 2, 2)], '3: McpServerScale a wants 3'],
  ['a floor above the Set', [set('a', 1, 1), floor('f', 2, 2)], '2: McpServerScale f wants 2'],
  ['a floor above a later Set', [floor('f', 2, 1), set('a', 0, 2)], '2: McpServerScale f wants 2'],
  ['a floor as high as what is there', [floor('f', 1, 1)], '1: Deployment clock wants 1'],
  ['a floor before an Override', [floor('f', 2, 1), override('o', 0, 2)], '0: McpServerScale o wants 0'],
  ['a floor after an Override', [override('o', 0, 1), floor('f', 2, 2)], '2: McpServerScale f wants 2'],
  ['an Override after a Set', [set('a', 5, 1), override('o', 2, 2)], '2: McpServerScale o wants 2'],
  ['a Set after an Override', [override('o', 0, 1), set('a', 5, 2)], '5: McpServerScale a wants 5'],
  [
    'a Set after an Override after a floor',
    [floor('f', 2, 1), override('o', 0, 2), set('a', 1, 3)],
    '2: McpServerScale f wants 2',
  ],
])('%s', ([, wishes, expected]) => {
  expect(comesTo(wishes)).toBe(expected);
});

test('C6: the last Allocation that goes stops nothing somebody else wants', () => {
  const [one, two] = ['one', 'two'].map((of, i) => wish(`of-${of}`, 1, { version: i, policy: 'AtLeast', of }));

  expect(comesTo([one!, two!], base(0))).toBe('1: Allocation one wants 1, Allocation two wants 1');
  expect(comesTo([two!], base(0))).toBe('1: Allocation two wants 1');
  expect(comesTo([], base(0))).toBe('0: Deployment clock wants 0');
  expect(comesTo([set('a', 1, 9)], base(0))).toBe('1: McpServerScale a wants 1');
});

test('of many floors the three oldest explain the number', () => {
  const many = Array.from({ length: 20 }, (_, i) =>
    wish(`f${i}`, 1, { version: 20 - i, policy: 'AtLeast', of: `job-${i}` }),
  );

  expect(comesTo(many, base(0))).toBe(
    '1: Allocation job-19 wants 1, Allocation job-18 wants 1, Allocation job-17 wants 1',
  );
});

test('a wish beyond the bounds of the server is cut to them, and that is said', () => {
  expect(comesTo([set('a', 8, 1)], base(1), { max: 5 })).toBe('5: McpServerScale a wants 8; cut from 8');
  expect(comesTo([set('a', 0, 1)], base(1), { min: 1 })).toBe('1: McpServerScale a wants 0; cut from 0');
  expect(comesTo([override('a', 0, 1)], base(1), { min: 2 })).toBe('2: McpServerScale a wants 0; cut from 0');
});

test('a workload that has more than a wish can ask for keeps it while nobody wishes', () => {
  expect(comesTo([], base(15))).toBe('15: Deployment clock wants 15');
  expect(comesTo([set('a', 3, 1)], base(15))).toBe('3: McpServerScale a wants 3');
  expect(comesTo([], base(15), { max: 9 })).toBe('9: Deployment clock wants 15; cut from 15');
});

test('no floor that counts is ever undercut, and the bounds always hold', () => {
  const some = fc.array(fc.tuple(fc.constantFrom('Set', 'AtLeast', 'Override'), fc.integer({ min: 0, max: 10 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), (plans, a, b) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const wishes = plans.map(([policy, replicas], i) =>
        wish(`w${i}`, replicas, { version: i, policy: policy as 'Set' }),
      );
      const heard = standing(wishes, 0);
      const { replicas } = effective(server('clock', { replicas: { min, max } }), heard, base(min, false));

      expect(replicas).toBeGreaterThanOrEqual(
        Math.min(max, Math.max(0, ...heard.floors.map(({ spec }) => spec.replicas))),
      );
      expect(replicas).toBeGreaterThanOrEqual(min);
      expect(replicas).toBeLessThanOrEqual(max);
    }),
  );
});
