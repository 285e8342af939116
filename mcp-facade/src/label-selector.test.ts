import { expect, test } from 'vitest';
import { selects } from './label-selector.ts';

const LABELS = { app: 'web', tier: 'front', 'app.kubernetes.io/component': 'mcp-server' };

test.for([
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app=db', false],
  ['app!=db', true],
  ['app!=web', false],
  ['missing!=x', true],
  ['tier in (front, back)', true],
  ['tier in (back)', false],
  ['tier notin (back),app=web', true],
  ['missing notin (a)', true],
  ['app', true],
  ['missing', false],
  ['!missing', true],
  ['!app', false],
  ['app.kubernetes.io/component=mcp-server,tier', true],
] as const)('"%s" selects as kubectl does: %s', ([selector, expected]) => {
  expect(selects(selector)(LABELS)).toBe(expected);
});

test('an empty value selects the empty value', () => {
  expect(selects('app=')({ app: '' })).toBe(true);
  expect(selects('app=')(LABELS)).toBe(false);
});

test.for(['app~web', 'tier in front', 'a b', '-x=1', 'constructor in', 'app==='])(
  '"%s" is refused with the forms there are',
  (selector) => {
    expect(() => selects(selector)).toThrow('is no requirement');
  },
);
