import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { expect, test } from 'vitest';
import { kindsOver } from '../follow.ts';
import type { KubeClient } from '../kube/client.ts';
import { aPool, at, aWorker, holding, registered } from '../testing/workers.ts';
import { RemovalBreaker, tolerated } from './removal-breaker.ts';

const named = (uid: string, missing = false): BurstWorker => {
  const conditions = holding('Admitted', 'Registered');
  const gone = { ...(conditions[0] as (typeof conditions)[number]), type: 'VmGone', status: 'Unknown' } as const;
  return aWorker({}, registered({ conditions: missing ? [...conditions, gone] : conditions }), { name: uid, uid });
};

const range = (n: number, from = 0): string[] => Array.from({ length: n }, (_, i) => `w-${i + from}`);

/** A breaker over the pool burst with these workers. */
function over(workers: readonly BurstWorker[], pool: WorkerPool = aPool()) {
  const kinds = kindsOver({} as KubeClient);
  let version = 1;
  const put = ({ metadata, ...rest }: WorkerPool): void =>
    void kinds.pools.store.learn({ ...rest, metadata: { ...metadata, resourceVersion: String(++version) } });
  put(pool);
  kinds.workers.store.replace(new Map(workers.map((worker) => [worker.metadata.name, worker])), '1');
  const breaker = new RemovalBreaker(kinds);
  const opened: string[] = [];
  breaker.onOpen((name) => opened.push(name));
  const ask = (what: string, time = '10:00:00') => breaker.ask('burst', what, at(time));
  return { breaker, ask, opened, put };
}

test('S9: three of a small pool may go, and thirty in a hundred of a large one', () => {
  expect([0, 3, 10, 13, 100].map(tolerated)).toEqual([3, 3, 3, 3, 30]);
});

test('S9: the fourth within ten minutes opens it, and stops those before it that have not gone', () => {
  const { ask, opened } = over(range(10).map((uid) => named(uid)));

  expect(['w-0', 'w-1', 'w-2', 'w-2'].map((uid) => ask(uid))).toEqual([undefined, undefined, undefined, undefined]);
  expect(ask('w-3')).toBe(
    'removals are stopped: more than 3 of 10 in WorkerPool burst would go within 10 minutes, and nobody named them',
  );
  expect(ask('w-0')).toContain('removals are stopped');
  expect(opened).toEqual(['burst']);
});

test('S9: what was asked for more than ten minutes ago, or is there again, counts no more', () => {
  const { ask, breaker } = over(range(10).map((uid) => named(uid)));
  for (const uid of range(3)) ask(uid);

  expect(ask('w-3', '10:10:01')).toBeUndefined();
  breaker.withdraw('burst', 'w-3');
  for (const uid of range(2, 4)) ask(uid, '10:10:02');
  expect(ask('w-9', '10:10:03')).toBeUndefined();
});

test('S9: those that went count among those there were', () => {
  const { ask } = over(range(8).map((uid) => named(uid)));
  for (const uid of ['gone-0', 'gone-1']) ask(uid);

  expect(ask('w-0')).toBeUndefined();
  expect(ask('w-1')).toContain('more than 3 of 10 in WorkerPool burst');
});

test('S9: after a restart those that the status calls missing count at once', () => {
  const { ask } = over(range(10).map((uid) => named(uid, true)));

  expect(ask('w-0')).toContain('more than 3 of 10 in');
});

test('S9: once open it stays open over a restart, until a person allows removals, and closes with that', () => {
  const open = { ...aPool(), status: { breaker: { why: 'ten are missing' } } };
  const { ask, put, breaker } = over([], open);
  expect(ask('w-0')).toBe('removals are stopped: ten are missing');

  const annotations = { 'cortex.automation/allow-removals-until': '2030-01-01T10:30:00Z' };
  put({ ...aPool({}, { annotations }), status: open.status });
  expect(range(20).map((uid) => ask(uid))).toEqual(range(20).map(() => undefined));

  const closed = aPool({}, { annotations });
  put(closed);
  expect(breaker.stateOf(closed, at('10:31:00')).why).toBeUndefined();
  expect(ask('w-20', '10:31:00')).toBeUndefined();
});

test('S9: what went is kept for the next process, which counts it until ten minutes are over', () => {
  const { ask, breaker } = over(range(7, 3).map((uid) => named(uid)));
  for (const uid of range(3)) expect(ask(uid)).toBeUndefined();
  const { removed } = breaker.stateOf(aPool(), at('10:01:00'));
  expect(removed).toEqual(range(3).map((what) => ({ what, at: '2030-01-01T10:00:00Z' })));

  const written: WorkerPool = { ...aPool(), status: { breaker: { removed: [...(removed ?? [])] } } };
  const next = over(
    range(7, 3).map((uid) => named(uid)),
    written,
  );
  expect(next.breaker.stateOf(written, at('10:02:00')).removed).toEqual(removed);
  expect(next.ask('w-3', '10:02:00')).toContain('more than 3 of 10 in WorkerPool burst');

  const later = over(
    range(7, 3).map((uid) => named(uid)),
    written,
  );
  expect(later.ask('w-3', '10:10:01')).toBeUndefined();
  expect(later.breaker.stateOf(written, at('10:10:01')).removed).toEqual([]);
});

test('S9: of more than a status holds, the latest are kept', () => {
  const { ask, breaker } = over(range(400, 200).map((uid) => named(uid)));
  for (const uid of range(6)) expect(ask(uid)).toBeUndefined();
  for (const uid of range(64, 100)) expect(ask(uid, '10:01:00')).toBeUndefined();

  expect(
    breaker
      .stateOf(aPool(), at('10:02:00'))
      .removed?.map(({ what }) => what)
      .toSorted(),
  ).toEqual(range(64, 100).toSorted());
});
