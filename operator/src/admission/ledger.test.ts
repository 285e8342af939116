import type { Allocation, BurstWorker } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import {
  admitted,
  allocation,
  deleting,
  namesOf,
  pool,
  reserving,
  running,
  says,
  warm,
  worker,
} from '../testing/world.ts';
import { type Ledger, ledger } from './ledger.ts';

const GIB = 2 ** 30;
const burst = pool('burst', { limits: { workers: 10, cpu: '40', memory: '80Gi' } });
const book = (workers: readonly BurstWorker[], allocations: readonly Allocation[] = []): Ledger =>
  ledger(burst, workers, allocations);
const used = (workers: readonly BurstWorker[], allocations: readonly Allocation[] = []): number =>
  book(workers, allocations).used.workers;

const offered = (workers: readonly BurstWorker[], allocations: readonly Allocation[] = []): string[] =>
  namesOf(book(workers, allocations).free);

const job = allocation('job', { count: 2 });
const holding = reserving(job, ['burst-job-0', 'burst-job-1']);
const made = worker('burst-job-0', { claimedBy: job });

test('A1: an admitted worker counts with its own size', () => {
  const large = admitted(worker('mine', { size: 'large' }));

  expect(book([large])).toMatchObject({
    used: { workers: 1, cpu: 8_000, memory: 16 * GIB },
    available: { workers: 9, cpu: 32_000, memory: 64 * GIB },
  });
});

test('A1: a worker that waits for its slot counts nothing', () => {
  expect(used([worker('mine')])).toBe(0);
});

test('A10: the slot of a worker is held until its machine is confirmed gone, however it ends', () => {
  const failed = running(worker('mine'), { phase: 'Failed' });

  expect(used([failed])).toBe(1);
  expect(used([deleting(failed)])).toBe(1);
  expect(used([says(deleting(failed), 'VmGone', true, 'VmRemoved')])).toBe(0);
});

test('A1: a reservation counts for every worker that does not stand yet', () => {
  expect(book([], [holding]).used).toEqual({ workers: 2, cpu: 4_000, memory: 8 * GIB });
});

test('A4, A11: a place counts once at every instant, from the promise of a worker to its replacement', () => {
  const there = running(made);
  const life: (readonly BurstWorker[])[] = [
    [],
    [made],
    [admitted(made)],
    [there],
    [deleting(there)],
    [says(deleting(there), 'VmGone', true, 'VmRemoved')],
    [],
  ];

  expect(life.map((workers) => used(workers, [holding]))).toEqual([2, 2, 2, 2, 2, 2, 2]);
});

test('A4: a free worker that was chosen counts once, also when it goes before it is claimed', () => {
  const free = warm('burst-warm');
  const chose = reserving(job, ['burst-warm', 'burst-job-0']);
  const goes = says(deleting(free), 'Ready', false, 'Draining');

  expect(used([free])).toBe(1);
  expect(used([free], [chose])).toBe(2);
  expect(used([goes], [chose])).toBe(2);
  expect(used([], [chose])).toBe(2);
});

test('A4: a lost worker counts beside its replacement for as long as its machine may exist', () => {
  const replaced = reserving(job, ['burst-job-1', 'burst-job-2']);

  expect(used([deleting(running(made))], [replaced])).toBe(3);
});

test('a finished Allocation counts nothing, its workers count until their machines are gone', () => {
  const finished = says(holding, 'Finished', true, 'TtlExpired');

  expect(used([running(made)], [finished])).toBe(1);
  expect(used([], [finished])).toBe(0);
});

test('a request that only waits counts nothing', () => {
  expect(used([], [says(job, 'QuotaReserved', false, 'InsufficientWorkers')])).toBe(0);
});

test('an edit of a size changes nothing of what is already reserved', () => {
  const resized = pool('burst', {
    limits: { workers: 10 },
    sizes: [{ name: 'small', cpu: '64', memory: '1Ti' }],
    defaultSize: 'small',
  });

  expect(ledger(resized, [admitted(made)], [holding]).used).toEqual(book([admitted(made)], [holding]).used);
});

test('T4: an Allocation that was taken over counts nothing, its workers count for the taker', () => {
  const taker = allocation('taker', { count: 2 });
  const took = reserving(taker, ['burst-job-0', 'burst-taker-0'], { tookOver: { name: 'job', uid: job.metadata.uid } });

  expect(used([running(made)], [holding])).toBe(2);
  expect(used([running(made)], [holding, took])).toBe(2);
});

test('T4: a worker on its way from one Allocation to another counts once, whatever becomes of the taker', () => {
  const taker = allocation('taker', { count: 2 });
  const moved = running(worker('burst-job-0', { claimedBy: taker }));

  expect(used([moved], [holding])).toBe(2);
});

describe('a worker whose reservation went before it was admitted', () => {
  test('is not counted as used, for nothing was given to it', () => {
    expect(used([made])).toBe(0);
  });

  test('A4: but nobody gets its room before it is gone, for its admission may be under way', () => {
    expect(book([made]).available).toEqual({ workers: 9, cpu: 38_000, memory: 76 * GIB });
  });
});

describe('limits', () => {
  test('lowered below what is used leave nothing available, and never less than nothing', () => {
    const lowered = pool('burst', { limits: { workers: 1, cpu: '1' } });

    expect(ledger(lowered, [], [holding])).toMatchObject({ used: { workers: 2 }, available: { workers: 0, cpu: 0 } });
  });

  test('that are not named do not limit', () => {
    expect(ledger(pool('burst'), [], [holding]).available.workers).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('free workers', () => {
  test('C1: are offered by their end, the earliest first', () => {
    const late = warm('late', {}, { expiresAt: '2030-01-01T14:00:00Z' });
    const soon = warm('soon', {}, { expiresAt: '2030-01-01T12:00:00Z' });

    expect(offered([late, soon])).toEqual(['soon', 'late']);
  });

  test('that a reservation has chosen are not offered again', () => {
    expect(offered([warm('burst-job-0'), warm('other')], [holding])).toEqual(['other']);
  });

  test.for([
    ['a person made for themselves', running(worker('w'))],
    ['somebody claims', warm('w', { claimedBy: job })],
    ['are not Ready', admitted(worker('w', { claimable: true }))],
    ['are being deleted', deleting(warm('w'))],
    ['are being drained', warm('w', {}, { drain: { startedAt: '2030-01-01T10:00:00Z' } })],
  ] as const)('that %s are not offered', ([, one]) => {
    expect(offered([one])).toEqual([]);
  });
});
