import type { Allocation } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { officeOf, type Scene } from '../testing/offices.ts';
import { admitted, allocation, at, deleting, pool, reserving, running, worker } from '../testing/world.ts';
import { placeOf } from './place.ts';
import { queueDocument } from './queue-document.ts';

const burst = pool('burst', { limits: { workers: 5 } });
const holder = (name: string, count: number, expiresAt?: string): Allocation =>
  reserving(
    allocation(name, { count, size: 'small' }),
    Array.from({ length: count }, (_, i) => `${name}-${i}`),
    {
      phase: 'Active',
      ...(expiresAt === undefined ? {} : { expiresAt: `2030-01-01T${expiresAt}Z` }),
    },
  );

/** Where this one stands among those who wait. */
function place(one: Allocation, scene: Omit<Scene, 'waiting'> & { waiting?: readonly Allocation[] }) {
  const office = officeOf({ pools: [burst], ...scene, waiting: [...(scene.waiting ?? []), one] });
  office.pass(at('10:00:00'));
  const ticket = office.waiters.get(one.metadata.uid)?.ticket;
  return ticket && placeOf(ticket, office.waiters.line('burst'), office.books.of('burst'));
}

const job = allocation('job', { count: 3, size: 'small', at: '10:00:05' });

test('C9: says the turn, what is missing, who has it and until when', () => {
  const allocations = [holder('late', 3, '15:00:00'), holder('soon', 2, '14:05:00')];
  const waiting = ['a', 'b'].map((name) => allocation(name, { count: 4 }));

  expect(place(job, { allocations, waiting })?.sentence).toBe(
    '3rd in line for WorkerPool burst, waiting for 3 workers held by Allocation team/soon until 2030-01-01T14:05:00Z, Allocation team/late until 2030-01-01T15:00:00Z',
  );
});

test('C9: names only those whose return is enough', () => {
  const allocations = [holder('late', 3, '15:00:00'), holder('soon', 2, '14:05:00')];
  const two = allocation('job', { count: 2, size: 'small' });

  expect(place(two, { allocations })).toMatchObject({
    position: 1,
    missing: { workers: 2 },
    holders: [{ kind: 'Allocation', name: 'team/soon', workers: 2, until: '2030-01-01T14:05:00Z' }],
  });
});

test('C9: workers that people made hold for as long as they like, those on their way out until the end of their drain', () => {
  const mine = running(worker('mine'));
  const going = {
    ...deleting(admitted(worker('going'))),
    status: { ...admitted(worker('x')).status, drain: { deadline: '2030-01-01T10:09:00Z' } },
  };

  expect(place(job, { allocations: [holder('h', 2)], workers: [mine, going] })?.sentence).toBe(
    '1st in line for WorkerPool burst, waiting for 2 workers held by BurstWorker going until 2030-01-01T10:09:00Z, Allocation team/h for as long as it likes',
  );
});

test('C9: where nobody holds what is missing the pool is too small', () => {
  expect(place(allocation('job', { count: 9 }), {})?.sentence).toBe(
    '1st in line for WorkerPool burst, waiting for 4 workers that nobody holds: the pool must grow',
  );
});

test('C9: where there is room it waits for its turn', () => {
  const strict = pool('burst', { limits: { workers: 5 }, queue: { ordering: 'Strict' } });
  const head = allocation('head', { count: 5 });

  expect(place(job, { pools: [strict], allocations: [holder('h', 2, '14:00:00')], waiting: [head] })?.sentence).toBe(
    '2nd in line for WorkerPool burst, waiting for its turn',
  );
});

test.for([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [22, '22nd'],
] as const)('the %ith of a line is the %s', ([n, said]) => {
  const waiting = Array.from({ length: n - 1 }, (_, i) => allocation(`a-${i}`, { count: 4 }));

  expect(place(job, { allocations: [holder('h', 5)], waiting })?.sentence).toMatch(new RegExp(`^${said} in line`));
});

describe('the queue document', () => {
  const allocations = [holder('h', 5, '14:00:00')];
  const office = officeOf({ pools: [burst], allocations, waiting: [job, allocation('first', { count: 4 })] });
  const ask = (query: string) => queueDocument(office, new URLSearchParams(query), at('10:00:06'));

  test('tells of one Allocation where it stands, also before anybody decided about it', () => {
    expect(ask('namespace=team&name=job')).toMatchObject({
      name: 'team/job',
      waits: true,
      position: 2,
      holders: [{ name: 'team/h' }],
    });
    expect(office.hasWork).toBe(true);
  });

  test('tells of one that does not wait, and of one that is not there', () => {
    expect(ask('namespace=team&name=h')).toMatchObject({ found: true, waits: false });
    expect(ask('name=nobody')).toEqual({ name: 'default/nobody', found: false });
  });

  test('tells of a pool who waits, in order', () => {
    expect(ask('pool=burst')).toMatchObject({
      pending: 2,
      line: [
        { position: 1, kind: 'Allocation', name: 'team/first', workers: 4 },
        { position: 2, name: 'team/job', priority: 'Normal' },
      ],
    });
  });

  test('tells of everything how much waits', () => {
    expect(ask('')).toMatchObject({ pools: [{ pool: 'burst', pending: 2, oldestSince: '2030-01-01T10:00:00Z' }] });
  });
});
