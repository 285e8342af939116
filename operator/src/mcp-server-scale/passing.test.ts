import type { McpServerScale, McpServerScaleStatus } from '@cortex/crds';
import { expect, test } from 'vitest';
import { type Claim, withConditions } from '../conditions.ts';
import { accepted, wish } from '../testing/servers.ts';
import { at } from '../testing/world.ts';
import { passingMs } from './passing.ts';

const NOW = at('10:00:00');

const claim = (type: Claim['type'], status: Claim['status']): Claim => ({
  type,
  status,
  reason: 'Scaling',
  message: type,
});

function says(phase: 'Waiting' | 'Effective', applied: Claim['status'], ready: boolean): McpServerScaleStatus {
  const claims = [claim('Accepted', true), claim('Applied', applied), claim('Ready', ready)];
  return { phase, conditions: withConditions(undefined, claims, 1, NOW) };
}

const waiting = says('Waiting', false, false);
const starting = says('Effective', true, false);
const ready = says('Effective', true, true);

/** The wish, taken in and told this of itself. */
const told = (status: McpServerScaleStatus): McpServerScale => {
  const taken = accepted(wish('w', 3));
  return { ...taken, status: { ...taken.status, ...status } };
};

test('a wish that is being applied waits for its server to speak first', () => {
  expect(passingMs(wish('w', 3), waiting)).toBe(5_000);
});

test('that a wish is applied is written at once, and what its pods do then may wait', () => {
  expect(passingMs(wish('w', 3), starting)).toBeUndefined();
  expect(passingMs(told(waiting), starting)).toBeUndefined();
  expect(passingMs(told(starting), { ...starting, ready: 2 })).toBe(5_000);
  expect(passingMs(told(starting), ready)).toBeUndefined();
});

test('an edited wish is applied anew', () => {
  const before = told(starting);
  const edited = { ...before, metadata: { ...before.metadata, generation: 2 } };

  expect(passingMs(edited, starting)).toBeUndefined();
});
