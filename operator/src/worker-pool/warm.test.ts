import type { BurstWorker } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { ledger } from '../admission/ledger.ts';
import { admitted, allocation, at, deleting, pool, running, warm, worker } from '../testing/world.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';

const WARM = { warm: 2, defaultSize: 'small', limits: { workers: 4 }, ttl: { default: '4h', max: '8h' } };

function look(workers: readonly BurstWorker[], more: Partial<Seen> & { spec?: object } = {}): Seen {
  const { spec, ...rest } = more;
  const made = pool('burst', { ...WARM, ...spec });
  const held = { ...made, metadata: { ...made.metadata, finalizers: ['cortex.automation/workers'] } };
  return {
    pool: held,
    workers,
    ledger: ledger(held, workers, []),
    pending: 0,
    oldestSince: undefined,
    notBuilt: undefined,
    provider: undefined,
    olderDefault: undefined,
    breaker: { why: undefined, allowance: { kind: 'None' } },
    leaks: undefined,
    nodes: [],
    ...rest,
  };
}

const actions = (seen: Seen, time = '10:00:00'): string[] =>
  decide(seen, at(time)).actions.map((action) => ('name' in action ? `${action.kind} ${action.name}` : action.kind));

const ready = (ordinal: number, expiresAt = '2030-01-01T14:00:00Z'): BurstWorker =>
  warm(`burst-warm-${ordinal}`, {}, { expiresAt });

describe('C4: a pool keeps its warm workers', () => {
  test('by making those that are missing', () => {
    expect(actions(look([]))).toEqual(['CreateWarm burst-warm-0', 'CreateWarm burst-warm-1']);
    expect(actions(look([ready(0)]))).toEqual(['CreateWarm burst-warm-1']);
    expect(actions(look([ready(0), ready(1)]))).toEqual([]);
  });

  test('counting those that are on their way up', () => {
    expect(actions(look([ready(0), worker('burst-warm-1', { claimable: true })]))).toEqual([]);
  });

  test('at once when one is claimed, under a name that nobody bears', () => {
    const claimed = warm('burst-warm-0', { claimedBy: allocation('job') });

    expect(actions(look([claimed, ready(1)]))).toEqual(['CreateWarm burst-warm-2']);
  });

  test('but not those of another size, or that people made for themselves', () => {
    const others = [warm('large', { size: 'large' }), running(worker('mine'))];

    expect(actions(look(others))).toEqual(['CreateWarm burst-warm-0', 'CreateWarm burst-warm-1']);
  });

  test('within its limits', () => {
    const busy = [1, 2, 3].map((n) => admitted(worker(`busy-${n}`)));

    expect(actions(look(busy))).toEqual(['CreateWarm burst-warm-0']);
  });

  test('never while a request waits', () => {
    expect(actions(look([], { pending: 1 }))).toEqual([]);
  });

  test('never where this build makes no machines', () => {
    expect(actions(look([], { notBuilt: 'no provider' }))).toEqual([]);
  });

  test('and clears away those that failed', () => {
    const failed = running(worker('burst-warm-0', { claimable: true }), { phase: 'Failed' });

    expect(actions(look([failed, ready(1)]))).toEqual(['RetireWarm burst-warm-0', 'CreateWarm burst-warm-2']);
  });
});

describe('C4: a warm worker is replaced before it ends', () => {
  const old = ready(0, '2030-01-01T10:10:00Z');
  const older = ready(1, '2030-01-01T10:05:00Z');

  test('as long ahead as provisioning may take', () => {
    expect(decide(look([ready(0), ready(1)]), at('10:00:00')).requeueAfterMs).toBe(225 * 60_000);
    expect(actions(look([old, ready(1)]), '09:54:59')).toEqual([]);
    expect(actions(look([old, ready(1)]), '09:55:00')).toEqual(['CreateWarm burst-warm-2']);
  });

  test('with never more than one extra', () => {
    expect(actions(look([old, older]))).toEqual(['CreateWarm burst-warm-2']);
    expect(actions(look([old, older, worker('burst-warm-2', { claimable: true })]))).toEqual([]);
  });

  test('the oldest first, once its replacement is Ready', () => {
    expect(actions(look([old, ready(1), ready(2)]))).toEqual(['RetireWarm burst-warm-0']);
    expect(actions(look([old, older, ready(2)]))).toEqual([]);
  });

  test('and one that already goes is simply missing', () => {
    expect(actions(look([deleting(old), ready(1)]))).toEqual(['CreateWarm burst-warm-2']);
  });
});
