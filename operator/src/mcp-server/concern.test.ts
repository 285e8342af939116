import type { McpServerScale } from '@cortex/crds';
import { expect, test } from 'vitest';
import { accepted, adopted, look, wish, workload } from '../testing/servers.ts';
import { at } from '../testing/world.ts';
import { changesServer, changesWishes, isSilent } from './concern.ts';
import { report } from './status.ts';

const claim = (name: string, version = 1): McpServerScale =>
  wish(name, 1, { policy: 'AtLeast', of: `job-${name}`, version });
const serving = (wishes: McpServerScale[], baseline = 1) => {
  const made = adopted(workload('clock'), { baseline });
  return adopted(workload('clock'), report(look({ server: made, wishes }), undefined, at('10:00:00')));
};

test("an Allocation's wish that nothing was written to is silent", () => {
  expect(isSilent(claim('a'))).toBe(true);
  expect(isSilent(accepted(claim('a')))).toBe(false);
  expect(isSilent(wish('a', 1))).toBe(false);
});

test('of many Allocations that name one running server only the first is news', () => {
  expect(changesServer(serving([]), claim('a'), undefined)).toBe(true);
  expect(changesServer(serving([claim('a')]), claim('b'), undefined)).toBe(false);
});

test('of those that keep a server up the first three are news', () => {
  const keeping = (count: number) =>
    serving(
      Array.from({ length: count }, (_, i) => claim(`w${i}`, i)),
      0,
    );

  expect(changesServer(keeping(2), claim('next', 9), undefined)).toBe(true);
  expect(changesServer(keeping(3), claim('next', 9), undefined)).toBe(false);
});

test('every end of a wish, and every other wish, concerns its server', () => {
  expect(changesServer(serving([claim('a'), claim('b')]), undefined, claim('b'))).toBe(true);
  expect(changesServer(serving([]), wish('w', 1), undefined)).toBe(true);
  expect(changesServer(undefined, claim('a'), undefined)).toBe(true);
});

test('what we write to a wish concerns its server no more than it did before', () => {
  expect(changesServer(serving([]), accepted(wish('w', 1)), wish('w', 1))).toBe(false);
  expect(changesServer(serving([]), wish('w', 2, { generation: 2 }), wish('w', 1))).toBe(true);
});

test('only a Set or an Override changes where other wishes stand', () => {
  const [floor, set] = [wish('f', 1, { policy: 'AtLeast' }), wish('s', 1)];

  expect(changesWishes(floor, undefined)).toBe(false);
  expect(changesWishes(set, undefined)).toBe(true);
  expect(changesWishes(undefined, set)).toBe(true);
  expect(changesWishes(accepted(set), set)).toBe(false);
  expect(changesWishes({ ...set, status: { phase: 'Lapsed' } }, set)).toBe(true);
});
