import { describe, expect, test } from 'vitest';
import { workload } from '../testing/servers.ts';
import { at } from '../testing/world.ts';
import { conflictOf, foundForeign, type History, isForeign, remembered, UNKNOWN, writerOf, wrote } from './conflict.ts';

const T = at('10:00:00').getTime();
const s = (seconds: number): number => T + seconds * 1000;

test('one change by somebody else is undone, and is no conflict', () => {
  const history = foundForeign(wrote(remembered(1, false, T), 3, T), 1, 'kubectl', s(1));

  expect(isForeign(history)).toBe(true);
  expect(conflictOf(history, 3, s(1))).toBeUndefined();
});

test('three times within five minutes is a conflict with the one who did it', () => {
  const history = undone(3, 'argocd-controller', 10);

  expect(conflictOf(history, 3, s(30))).toEqual({ against: 'argocd-controller', nextTryAt: s(20 + 240) });
});

test('three times within an hour is none', () => {
  expect(conflictOf(undone(3, 'argocd-controller', 1200), 3, s(2400))).toBeUndefined();
});

test('a conflict ends when the other party sets what is wanted', () => {
  const history = foundForeign(undone(3, 'argocd-controller', 3), 3, 'argocd-controller', s(60));

  expect(conflictOf(history, 3, s(60))).toBeUndefined();
});

test('a conflict ends when our number has stood for a minute', () => {
  const tried = wrote(undone(3, 'argocd-controller', 3), 3, s(300));

  expect(conflictOf(tried, 3, s(359))).toEqual({ against: 'argocd-controller', nextTryAt: s(360) });
  expect(conflictOf(tried, 3, s(360))).toBeUndefined();
});

test('a restarted operator goes on from the conflict its status tells of', () => {
  const history = foundForeign(remembered(3, true, T), 1, 'argocd-controller', T);

  expect(conflictOf(history, 3, T)).toEqual({ against: 'argocd-controller', nextTryAt: s(240) });
});

describe('against somebody who sets his number every three seconds', () => {
  const tug = simulate({ everyMs: 3_000, forMs: 10 * 60_000 });

  test('the conflict is seen within 30 s', () => {
    expect(tug.conflictAt).toBeLessThanOrEqual(30_000);
  });

  test('the workload is written at most five times in any ten minutes', () => {
    expect(tug.writes.length).toBeLessThanOrEqual(5);
    const hour = simulate({ everyMs: 3_000, forMs: 3_600_000 }).writes;
    const most = Math.max(...hour.map((from) => hour.filter((each) => each >= from && each < from + 600_000).length));
    expect(most).toBeLessThanOrEqual(5);
  });
});

test('the writer of the replicas is the manager that owns the field, the latest if there are two', () => {
  const live = workload('clock');
  live.metadata.managedFields = [
    owned('kubectl', '2030-01-01T09:00:00Z'),
    owned('argocd-controller', '2030-01-01T10:00:00Z'),
    owned('helm', '2030-01-01T11:00:00Z', 'f:template'),
  ];

  expect(writerOf(live)).toBe('argocd-controller');
  expect(writerOf(workload('clock'))).toBe(UNKNOWN);
});

/** Our number, 3, undone so often, each time after so many seconds. */
function undone(times: number, by: string, everySeconds: number): History {
  let history = wrote(remembered(1, false, T), 3, T);
  for (let i = 0; i < times; i++)
    history = foundForeign(wrote(history, 3, s(i * everySeconds)), 1, by, s(i * everySeconds));
  return history;
}

/** The operator looks whenever the number changes, and when it said it would. */
function simulate({ everyMs, forMs }: { everyMs: number; forMs: number }): { writes: number[]; conflictAt: number } {
  const writes: number[] = [];
  let history = remembered(1, false, 0);
  let replicas = 1;
  let conflictAt = Infinity;
  let wakeAt = 0;
  for (let now = 0; now < forMs; now += 100) {
    if (now > 0 && now % everyMs === 0 && replicas !== 1) {
      replicas = 1;
      history = foundForeign(history, 1, 'argocd-controller', now);
      wakeAt = now;
    }
    if (now < wakeAt) continue;
    const conflict = conflictOf(history, 3, now);
    if (conflict !== undefined) conflictAt = Math.min(conflictAt, now);
    wakeAt = conflict?.nextTryAt ?? Infinity;
    if (replicas === 3 || (conflict !== undefined && now < conflict.nextTryAt)) continue;
    replicas = 3;
    history = wrote(history, 3, now);
    writes.push(now);
  }
  return { writes, conflictAt };
}

const owned = (manager: string, time: string, field = 'f:replicas') => ({
  manager,
  time,
  fieldsV1: { 'f:spec': { [field]: {} } },
});
