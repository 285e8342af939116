import { expect, test } from 'vitest';
import { parseSelector } from './selector.ts';

test.for([
  ['app=mcp', { app: 'mcp' }, true],
  ['app==mcp', { app: 'web' }, false],
  ['app.kubernetes.io/component=mcp-server', { 'app.kubernetes.io/component': 'mcp-server' }, true],
  ['app!=web', {}, true],
  ['app!=web', { app: 'web' }, false],
  ['app in (clock, notes),tier', { app: 'notes', tier: '' }, true],
  ['app in (clock,notes),tier', { app: 'notes' }, false],
  ['app notin (clock)', { app: 'notes' }, true],
  ['!legacy', { legacy: 'yes' }, false],
  ['!legacy, app', { app: 'x' }, true],
] as const)('the selector %s says of %j: %s', ([text, labels, expected]) => {
  expect(parseSelector(text)(labels)).toBe(expected);
});

test('a workload without labels matches no selector that asks for one', () => {
  expect(parseSelector('app=mcp')(undefined)).toBe(false);
});

test.for(['', 'app=a b', 'in (a)', 'app in a', ','])('"%s" is refused: it could adopt everything', (text) => {
  expect(() => parseSelector(text)).toThrow('is no label selector');
});
