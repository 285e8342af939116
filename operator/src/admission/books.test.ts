import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitted, allocation, deleting, pool, reserving, running, says, warm, worker } from '../testing/world.ts';
import { Books } from './books.ts';
import { ledger } from './ledger.ts';

const burst = pool('burst', { limits: { workers: 10 } });
const job = allocation('job', { count: 2 });
const holding = reserving(job, ['a', 'b']);

/** Pools that were told of room, in order. */
function booksOf(...objects: (WorkerPool | BurstWorker | Allocation)[]): { books: Books; room: string[] } {
  const room: string[] = [];
  const books = new Books((name) => room.push(name));
  for (const object of objects) {
    if (object.kind === 'WorkerPool') books.poolChanged(object, undefined);
    else if (object.kind === 'BurstWorker') books.workerChanged(object, undefined);
    else books.allocationChanged(object, undefined);
  }
  room.length = 0;
  return { books, room };
}

const usedIn = (books: Books): number | undefined => books.of('burst').ledger?.used.workers;

test('a pool that was not seen yet has no ledger, and what was seen before it counts once it comes', () => {
  const { books } = booksOf(holding);
  expect(books.of('burst').ledger).toBeUndefined();

  books.poolChanged(burst, undefined);

  expect(usedIn(books)).toBe(2);
});

test('T4: what was taken over counts nothing while the taker holds it, and again when the taker goes', () => {
  const taker = reserving(allocation('taker', { count: 2 }), ['a', 'c'], {
    tookOver: { name: 'job', uid: job.metadata.uid },
  });
  const { books } = booksOf(burst, holding);

  books.allocationChanged(taker, undefined);
  expect(usedIn(books)).toBe(2);
  expect(books.takerOf(job.metadata.uid)).toBe(taker);

  books.allocationChanged(undefined, taker);
  expect(usedIn(books)).toBe(2);
  expect(books.takerOf(job.metadata.uid)).toBeUndefined();
});

describe('room is told of', () => {
  const one = running(worker('a', { claimedBy: job }));

  test.for([
    ['when a machine is confirmed gone', [one], says(one, 'VmGone', true, 'VmRemoved')],
    ['when a worker becomes free', [admitted(worker('w', { claimable: true }))], warm('w')],
    ['when limits are raised', [], { ...burst, metadata: { ...burst.metadata, generation: 2 } }],
  ] as const)('%s', ([, before, now]) => {
    const { books, room } = booksOf(burst, ...before);

    if (now.kind === 'WorkerPool') books.poolChanged(now, burst);
    else books.workerChanged(now, before[0]);

    expect(new Set(room)).toEqual(new Set(['burst']));
  });

  test('when a reservation ends', () => {
    const { books, room } = booksOf(burst, holding);

    books.allocationChanged(says(holding, 'Finished', true, 'TtlExpired'), holding);

    expect(room).not.toEqual([]);
  });

  test('C5: but not when a worker heartbeats, a pool publishes, or a reservation is made', () => {
    const { books, room } = booksOf(burst, one);

    books.workerChanged({ ...one, status: { ...one.status, usage: { pods: 3 } } }, one);
    books.poolChanged({ ...burst, status: {} }, burst);
    books.allocationChanged(holding, job);

    expect(room).toEqual([]);
  });
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const FORMS: readonly ((name: string, claimer: Allocation) => BurstWorker | undefined)[] = [
  () => undefined,
  (name) => worker(name),
  (name, claimedBy) => worker(name, { claimedBy }),
  (name, claimedBy) => admitted(worker(name, { claimedBy })),
  (name) => admitted(worker(name, { size: 'large' })),
  (name) => warm(name),
  (name) => deleting(warm(name)),
  (name, claimedBy) => says(deleting(running(worker(name, { claimedBy }))), 'VmGone', true, 'VmRemoved'),
];
const jobs = ['x', 'y', 'z'].map((name) => allocation(name, { count: 3 }));

const step = record({
  kind: constantFrom('worker', 'allocation', 'pool'),
  name: constantFrom(...NAMES),
  which: nat(2),
  form: nat(FORMS.length - 1),
  rows: array(constantFrom(...NAMES), { maxLength: 4 }),
  takes: nat(5),
  limit: integer({ min: 0, max: 8 }),
});

test('A1: after any history the ledger is what it is from scratch', () => {
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      const books = new Books();
      const workers = new Map<string, BurstWorker>();
      const allocations = new Map<string, Allocation>();
      let generation = 0;
      let here: WorkerPool | undefined;
      for (const { kind, name, which, form, rows, takes, limit } of steps) {
        const asked = jobs[which] ?? job;
        if (kind === 'pool') {
          const next = pool('burst', { limits: { workers: limit } });
          here = { ...next, metadata: { ...next.metadata, generation: ++generation } };
          books.poolChanged(here, undefined);
        } else if (kind === 'worker') {
          const now = FORMS[form]?.(name, asked);
          books.workerChanged(now, workers.get(name));
          if (now === undefined) workers.delete(name);
          else workers.set(name, now);
        } else {
          const { uid } = asked.metadata;
          const taken = jobs[takes]?.metadata.uid;
          const more = taken === undefined || taken === uid ? {} : { tookOver: { name: 'it', uid: taken } };
          const now = form === 0 ? undefined : form === 1 ? asked : reserving(asked, [...new Set(rows)], more);
          books.allocationChanged(now, allocations.get(uid));
          if (now === undefined) allocations.delete(uid);
          else allocations.set(uid, now);
        }
        const agrees = (now: WorkerPool) =>
          books.of('burst').agrees(ledger(now, [...workers.values()], [...allocations.values()]));
        expect(here === undefined || agrees(here)).toBe(true);
      }
    }),
  );
});
