import { beforeAll, describe, expect, test } from 'vitest';
import { ALERTS, verdict, type World } from './promql/alerts.ts';
import { ask } from './promql/engine.ts';

/** Built now, where it is not yet. */
beforeAll(() => ask([], []), 900_000);

const always = (value: number) => () => value;
/** Grows by so much a minute. */
const growing = (by: number) => (minute: number) => minute * by;
const until = (minute: number, value: number) => (now: number) => (now < minute ? value : undefined);
const from = (minute: number, before: number, after: number) => (now: number) => (now < minute ? before : after);

interface Case {
  /** In this world it fires, from this minute on. */
  readonly fires: World;
  readonly since: number;
  /** In these it never does. */
  readonly rests: readonly World[];
}

const condition = (type: string): string => `cortex_pool_condition{pool="burst",type="${type}"}`;
const evictions = (code: string): string => `cortex_eviction_requests_total{code="${code}"}`;
const calls = (code: string): string => `rest_client_requests_total{code="${code}",method="GET"}`;
const joined = (le: string): string => `cortex_worker_join_seconds_bucket{pool="burst",le="${le}"}`;

/** One world in which it is to be heard, and those that are like it and no reason to wake anybody. */
const CASES: Readonly<Record<string, Case>> = {
  CortexNoLeader: {
    fires: { 'cortex_leader{pod="a"}': from(5, 1, 0) },
    since: 7,
    rests: [
      { 'cortex_leader{pod="a"}': from(5, 1, 0), 'cortex_leader{pod="b"}': from(6, 0, 1) },
      { 'cortex_leader{pod="a"}': until(3, 1), 'cortex_leader{pod="b"}': always(1) },
    ],
  },
  CortexTwoLeaders: {
    fires: { 'cortex_leader{pod="a"}': always(1), 'cortex_leader{pod="b"}': from(3, 0, 1) },
    since: 4,
    rests: [{ 'cortex_leader{pod="a"}': always(1), 'cortex_leader{pod="b"}': (now) => Number(now === 3) }],
  },
  CortexLedgerDrift: {
    fires: { 'cortex_ledger_drift{pod="a"}': from(3, 0, 1), 'cortex_ledger_drift{pod="b"}': always(0) },
    since: 3,
    rests: [{ 'cortex_ledger_drift{pod="a"}': always(0) }],
  },
  CortexWatchClosed: {
    fires: { 'reflector_outage_seconds{pod="a",name="nodes"}': growing(60) },
    since: 2,
    rests: [{ 'reflector_outage_seconds{pod="a",name="nodes"}': always(59) }],
  },
  CortexPoolNotReady: {
    fires: { [condition('Ready')]: from(2, 1, 0) },
    since: 12,
    rests: [{ [condition('Ready')]: (now) => Number(now % 10 === 0) }, { [condition('BreakerOpen')]: always(0) }],
  },
  CortexLimitsOverrun: {
    fires: { [condition('LimitsRespected')]: always(0) },
    since: 30,
    rests: [{ [condition('LimitsRespected')]: from(29, 0, 1) }],
  },
  CortexQueueStuck: {
    fires: {
      'cortex_queue_pending{pool="burst"}': always(2),
      'cortex_queue_oldest_seconds{pool="burst"}': growing(1_000),
    },
    since: 4,
    rests: [
      { 'cortex_queue_pending{pool="burst"}': always(2), 'cortex_queue_oldest_seconds{pool="burst"}': always(3_600) },
      { 'cortex_queue_pending{pool="burst"}': always(0), 'cortex_queue_oldest_seconds{pool="burst"}': always(9_999) },
    ],
  },
  CortexWorkersFailed: {
    fires: { 'cortex_pool_workers{pool="burst",state="failed"}': always(1) },
    since: 15,
    rests: [{ 'cortex_pool_workers{pool="burst",state="ready"}': always(9) }],
  },
  CortexIdentityConflict: {
    fires: { 'cortex_identity_conflicts{pool="burst"}': from(2, 0, 1) },
    since: 3,
    rests: [{ 'cortex_identity_conflicts{pool="burst"}': always(0) }],
  },
  CortexLeaks: {
    fires: { 'cortex_leaks{pool="burst",provider="Proxmox"}': from(2, 0, 3) },
    since: 2,
    rests: [{ 'cortex_leaks{pool="burst",provider="Proxmox"}': always(0) }],
  },
  CortexRemovalsStopped: {
    fires: { [condition('BreakerOpen')]: from(2, 0, 1) },
    since: 2,
    rests: [{ [condition('BreakerOpen')]: always(0), [condition('Ready')]: always(1) }],
  },
  CortexJoinSlow: {
    fires: { [joined('600')]: growing(1), [joined('900')]: growing(8), [joined('+Inf')]: growing(10) },
    since: 16,
    rests: [{ [joined('600')]: growing(19), [joined('900')]: growing(20), [joined('+Inf')]: growing(20) }],
  },
  CortexEvictionsRefused: {
    fires: { [evictions('429')]: growing(6), [evictions('201')]: always(4) },
    since: 31,
    rests: [
      { [evictions('429')]: growing(6), [evictions('201')]: growing(1) },
      { [evictions('429')]: always(7), [evictions('201')]: always(4) },
    ],
  },
  CortexReconcileFailing: {
    fires: { 'workqueue_retries_total{name="allocation"}': growing(90) },
    since: 22,
    rests: [{ 'workqueue_retries_total{name="allocation"}': growing(30) }],
  },
  CortexApiServerErrors: {
    fires: { [calls('200')]: growing(80), [calls('0')]: growing(10), [calls('503')]: growing(10) },
    since: 11,
    rests: [{ [calls('200')]: growing(95), [calls('503')]: growing(5), [calls('404')]: growing(50) }],
  },
  CortexEventLoopSlow: {
    fires: { 'nodejs_eventloop_lag_p99_seconds{job="operator",pod="a"}': always(0.2) },
    since: 10,
    rests: [
      { 'nodejs_eventloop_lag_p99_seconds{job="operator",pod="a"}': always(0.02) },
      { 'nodejs_eventloop_lag_p99_seconds{job="somebody-else",pod="a"}': always(2) },
    ],
  },
};

test('every alert has a world in which it fires, and one in which it does not', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(ALERTS.map(({ alert }) => alert).toSorted());
});

describe.concurrent.for(ALERTS)('$alert', (alert) => {
  const { fires, since, rests } = CASES[alert.alert] as Case;

  test('fires when it should, as soon as it should, with the labels that its words name', async () => {
    const said = await verdict(alert, fires, since + 5);
    const named = [...alert.annotations.description.matchAll(/\$labels\.(?<name>\w+)/g)].map(
      ({ groups }) => groups?.['name'],
    );

    expect(said.since).toBe(since);
    expect(said.labels).toEqual(expect.arrayContaining(named));
  });

  test.for(rests)('rests in world %#', async (world) => {
    expect((await verdict(alert, world, since + 40)).since).toBeUndefined();
  });
});
