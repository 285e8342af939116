import { expect, test } from 'vitest';
import { at } from '../testing/workers.ts';
import { Refusals, retryDelayMs } from './refusals.ts';

const pod = { namespace: 'team', name: 'web', uid: 'a-0000' };
const refused = { kind: 'Refused', by: 'Budget', message: 'needs 2, has 2' } as const;
const budget = { key: 'team/web', version: '7' };

test('D10: a refusal is remembered since the first, and tried later each time', () => {
  const refusals = new Refusals();
  refusals.add({ kind: 'Evict', pod }, refused, budget, at('10:00:00'));
  const first = refusals.byPod.get(pod.uid);
  refusals.add({ kind: 'Evict', pod }, refused, budget, at('10:00:01'));

  expect(first).toMatchObject({ until: at('10:00:00.500'), since: at('10:00:00'), reason: 'PodsBlocked', budget });
  expect(refusals.byPod.get(pod.uid)).toMatchObject({ until: at('10:00:02'), since: at('10:00:00') });
});

test('D10: a budget knows whom it holds back, until they are gone', () => {
  const refusals = new Refusals();
  refusals.add({ kind: 'Evict', pod }, refused, budget, at('10:00:00'));

  expect(refusals.heldBy('team/web')).toEqual([pod]);
  expect(refusals.heldBy('team/other')).toEqual([]);
  refusals.forget(pod.uid);
  expect(refusals.heldBy('team/web')).toEqual([]);
});

test('D9: what the server itself refuses waits for no budget', () => {
  const refusals = new Refusals();
  refusals.add({ kind: 'Evict', pod }, { ...refused, by: 'Budgets' }, budget, at('10:00:00'));

  expect(refusals.byPod.get(pod.uid)).toMatchObject({ reason: 'MultiplePDBs' });
  expect(refusals.heldBy('team/web')).toEqual([]);
});

const delays = (uid: string) => [0, 1, 2, 3, 4, 5, 20].map((refusals) => retryDelayMs(refusals, uid));

test('D10: tries part from one second to thirty, and a herd parts', () => {
  for (const uid of ['a-0000', 'a-ffff', 'no hex']) {
    for (const [i, delay] of delays(uid).entries()) {
      expect(delay).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** i, 30_000) / 2);
      expect(delay).toBeLessThanOrEqual(30_000);
    }
  }
  expect(delays('a-0000')).not.toEqual(delays('a-ffff'));
});
