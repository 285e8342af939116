import { expect, test } from 'vitest';
import { frozenBy } from './freeze.ts';

const trusted = { trusted: true, skewMs: 100 };
const settled = { name: 'nodes', settled: true };

test('nothing is frozen while the clock and every copy can be trusted', () => {
  expect(frozenBy(trusted, [settled])).toBeUndefined();
});

test('T7: a clock that is not known, or far from the API server’s, freezes what destroys', () => {
  expect(frozenBy({ trusted: false, skewMs: undefined }, [settled])).toContain('is not known yet');
  expect(frozenBy({ trusted: false, skewMs: 300_000 }, [settled])).toContain('is 300 s');
});

test('S8: a copy that does not follow the API server freezes what destroys', () => {
  expect(frozenBy(trusted, [settled, { name: 'pods', settled: false }])).toBe(
    'The copy of pods does not follow the API server',
  );
});
