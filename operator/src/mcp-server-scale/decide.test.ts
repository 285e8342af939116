import { LABEL, type McpServerScale } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { withConditions } from '../conditions.ts';
import { accepted, adopted, wish, workload } from '../testing/servers.ts';
import { at, deleting } from '../testing/world.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const NOW = at('10:00:00');
const through = adopted(workload('clock'), {
  baseline: 1,
  desired: 1,
  phase: 'Running',
  effective: { replicas: 1, because: [{ kind: 'McpServerScale', name: 'w', wants: 1 }] },
});

const look = (one: McpServerScale, others: McpServerScale[] = [], change: Partial<Seen> = {}): Seen => ({
  wish: one,
  server: through,
  workload: workload('clock'),
  wishes: [one, ...others],
  ...change,
});

const ephemeral = { labels: { [LABEL.ephemeral]: 'true' } };
const newer = wish('newer', 1, { version: 900 });

/** The wish as it reads after it was looked at. */
const told = (one: McpServerScale, others: McpServerScale[] = [], now = NOW): McpServerScale => {
  const status = report(look(one, others), now);
  return status === undefined ? one : { ...one, status };
};

test('a wish that is through rests', () => {
  expect(decide(look(wish('w', 1)), NOW)).toEqual({ actions: [] });
});

test('a wish that is on its way is looked at again', () => {
  expect(decide(look(wish('w', 3)), NOW)).toEqual({ actions: [], requeueAfterMs: 5_000 });
});

test('a wish is looked at when its ttl is over', () => {
  expect(decide(look(accepted(wish('w', 1, { ttl: '2m' }), at('09:59:00'))), NOW).requeueAfterMs).toBe(60_000);
});

describe('collecting', () => {
  test('an ephemeral wish that was superseded is kept for an hour, and then goes', () => {
    const old = told(wish('old', 3, ephemeral), [newer]);

    expect(decide(look(old, [newer]), at('10:59:59')).requeueAfterMs).toBe(1_000);
    expect(decide(look(old, [newer]), at('11:00:00'))).toEqual({ actions: [{ kind: 'Collect' }] });
  });

  test('so does one that lapsed', () => {
    const lapsed = told(accepted(wish('w', 3, { ...ephemeral, ttl: '1m' }), at('09:00:00')));

    expect(lapsed.status?.phase).toBe('Lapsed');
    expect(decide(look(lapsed), at('11:00:00')).actions).toEqual([{ kind: 'Collect' }]);
  });

  test('one that counts never goes, however old', () => {
    const alone = told(wish('w', 1, ephemeral));

    expect(decide(look(alone), at('23:00:00')).actions).toEqual([]);
  });

  test('T10: what a person or Git keeps is never collected, whatever its labels say', () => {
    const kept = told(wish('kept', 3), [newer]);
    expect(decide(look(kept, [newer]), at('23:00:00')).actions).toEqual([]);

    const tracked = told(wish('git', 3, { labels: { ...ephemeral.labels, 'argocd.argoproj.io/instance': 'x' } }), [
      newer,
    ]);
    expect(decide(look(tracked, [newer]), at('23:00:00')).actions).toEqual([]);
  });

  test('nothing goes before it was said why', () => {
    expect(decide(look(wish('old', 3, ephemeral), [newer]), at('23:00:00')).actions).toEqual([]);
  });

  test('a wish that counts again starts its hour anew', () => {
    const once = told(wish('old', 3, ephemeral), [newer]);
    const again = told(once, [], at('10:30:00'));
    const superseded = told(again, [newer], at('10:40:00'));

    expect(decide(look(superseded, [newer]), at('11:10:00')).requeueAfterMs).toBe(30 * 60_000);
  });
});

test('a wish being deleted is left alone', () => {
  const old = told(wish('old', 3, ephemeral), [newer]);

  expect(decide(look(deleting(old), [newer]), at('23:00:00'))).toEqual({ actions: [] });
});

test('conditions of another kind are not taken for the acceptance', () => {
  const odd = wish('old', 3, ephemeral);
  const conditions = withConditions(
    undefined,
    [{ type: 'Ready', status: false, reason: 'Superseded', message: '' }],
    1,
    at('01:00:00'),
  );

  expect(decide(look({ ...odd, status: { conditions } }, [newer]), NOW).actions).toEqual([]);
});
