import { parseDuration } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { look, server } from '../testing/looks.ts';
import { allocation, at, deleting, reserving, running, says, warm, worker } from '../testing/world.ts';
import { type Action, decide } from './decide.ts';
import { workerName } from './names.ts';
import type { Seen } from './seen.ts';

const job = allocation('job', { count: 2, ttl: '1h' });
const name = (ordinal: number): string => workerName('burst', job.metadata.uid, ordinal);
const holding = reserving(job, [name(0), name(1)], { nextOrdinal: 2 });
const both = [0, 1].map((ordinal) => running(worker(name(ordinal), { claimedBy: job })));
const active = reserving(job, [], {
  nextOrdinal: 2,
  readyAt: '2030-01-01T10:00:00Z',
  workers: [0, 1].map((ordinal) => ({ name: name(ordinal), phase: 'Ready', cpu: '2', memory: '4Gi' })),
});

const said = (action: Action): string =>
  'name' in action
    ? `${action.kind} ${action.name}`
    : 'server' in action
      ? `${action.kind} ${action.server}`
      : action.kind;
const actions = (seen: Seen, time = '10:00:00'): string[] => decide(seen, at(time)).actions.map(said);
const nextLook = (seen: Seen, time: string): number | undefined => decide(seen, at(time)).requeueAfterMs;

describe('in the queue', () => {
  test('it does nothing: the admission loop speaks and acts', () => {
    expect(actions(look(job))).toEqual([]);
  });

  test('A14: a deleted one costs nothing', () => {
    expect(decide(look(deleting(job)), at('10:00:00'))).toEqual({ actions: [] });
  });

  test('A3: it wishes for no server before its workers are reserved', () => {
    expect(actions(look(job, { servers: [server('github', { wished: false })] }))).toEqual([]);
  });
});

describe('reserved', () => {
  test('C1: it creates the workers its reservation names', () => {
    expect(actions(look(holding))).toEqual([`CreateWorker ${name(0)}`, `CreateWorker ${name(1)}`]);
  });

  test('C1: after a crash it creates only those that are missing', () => {
    expect(actions(look(holding, { claimed: both.slice(0, 1) }))).toEqual([`CreateWorker ${name(1)}`]);
  });

  test('C1: it claims the free workers its reservation chose', () => {
    const chose = reserving(job, ['burst-warm', name(0)], { nextOrdinal: 1 });

    expect(actions(look(chose, { named: [warm('burst-warm')] }))).toEqual([
      'ClaimWorker burst-warm',
      `CreateWorker ${name(0)}`,
    ]);
  });

  test('C1: a chosen worker that is being deleted is not claimed', () => {
    const chose = reserving(job, ['burst-warm'], { nextOrdinal: 0 });

    expect(actions(look(chose, { named: [deleting(warm('burst-warm'))] }))).toEqual([]);
  });

  test.for([
    ['a person keeps for themselves', worker(name(1))],
    ['another Allocation claims', worker(name(1), { claimedBy: allocation('other') })],
    ['belongs to another pool', warm(name(1), { pool: 'spot' })],
  ] as const)('C1: a worker of a name it needs that %s is neither claimed nor made', ([, stranger]) => {
    expect(actions(look(holding, { claimed: both.slice(0, 1), named: [stranger] }))).toEqual([]);
  });

  test('C1: a worker of its own that went back to the pool is claimed again', () => {
    expect(actions(look(holding, { claimed: both.slice(0, 1), named: [warm(name(1))] }))).toEqual([
      `ClaimWorker ${name(1)}`,
    ]);
  });

  test('C1: the name of a replacement is published before anything bears it', () => {
    expect(actions(look(active, { claimed: both.slice(0, 1) }))).toEqual([]);
  });

  test('C6: it wishes for each of its servers once', () => {
    const servers = [server('github', { wished: false }), server('filesystem')];

    expect(actions(look(holding, { claimed: both, servers }))).toEqual(['CreateWish github']);
  });
});

test('where claims are the reservation nothing is created, though a status was never written', () => {
  const claimed = ['w-1', 'w-2'].map((one) => warm(one, { claimedBy: job }));

  expect(actions(look(job, { claimed }))).toEqual([]);
});

describe('a worker that failed', () => {
  const failed = running(worker(name(0), { claimedBy: job }), { phase: 'Failed' });

  test('is cleared away once the job runs, so that another can take its place', () => {
    expect(actions(look(active, { claimed: [failed, ...both.slice(1)] }))).toEqual([`DeleteWorker ${name(0)}`]);
  });

  test('is cleared away once', () => {
    expect(actions(look(active, { claimed: [deleting(failed), ...both.slice(1)] }))).toEqual([]);
  });
});

describe('the end', () => {
  const servers = [server('github')];
  const seen = look(active, { claimed: both, servers });

  test('T1: ttl counts from Ready', () => {
    expect(actions(seen, '10:59:59')).toEqual([]);
    expect(actions(seen, '11:00:00')).toEqual(['DeleteWish github']);
  });

  test('T1: maxLifetime counts from creation, and ends also what never became Ready', () => {
    const short = reserving(allocation('job', { count: 2, ttl: '30m', maxLifetime: '30m' }), [name(0)], {});

    expect(actions(look(short, { claimed: both, servers }), '10:29:59')).not.toContain('DeleteWish github');
    expect(actions(look(short, { claimed: both, servers }), '10:30:00')).toEqual(['DeleteWish github']);
  });

  test('it looks again at the warning and at the end, and not between', () => {
    expect(nextLook(seen, '10:00:00')).toBe(parseDuration('55m'));
    expect(nextLook(seen, '10:55:00')).toBe(parseDuration('5m'));
    expect(nextLook(seen, '11:00:00')).toBeUndefined();
  });

  test('T7: does not begin while the time cannot be trusted, and is looked for again', () => {
    const doubtful = { ...seen, frozen: "The difference between this machine's clock and the API server's is 45 s" };

    expect(actions(doubtful, '11:30:00')).toEqual([]);
    expect(nextLook(doubtful, '11:30:00')).toBe(5_000);
    expect(nextLook(doubtful, '10:00:00')).toBe(parseDuration('55m'));
  });

  test('T7: that has begun goes on', () => {
    const releasing = { ...active, status: { ...active.status, phase: 'Releasing' as const } };

    expect(actions(look(releasing, { claimed: both, servers, frozen: 'in doubt' }), '11:00:01')).toEqual([
      'DeleteWish github',
    ]);
  });

  test('a wish goes once', () => {
    expect(
      actions(look(active, { claimed: both, servers: [server('github', { wished: false })] }), '11:00:00'),
    ).toEqual([]);
  });

  test('C8: a failure gives back servers too', () => {
    const failing = says(
      { ...holding, status: { ...holding.status, phase: 'Releasing' } },
      'QuotaReserved',
      false,
      'ProvisioningFailed',
    );

    expect(actions(look(failing, { claimed: both, servers }))).toEqual(['DeleteWish github']);
  });
});

/** Finished at eleven. */
function ended(spec: object, labels?: Record<string, string>): Seen {
  const one = allocation('job', { count: 2, ...spec });
  const finished = says(reserving(one, [], { finishedAt: '2030-01-01T11:00:00Z' }), 'Finished', true, 'TtlExpired');
  return look(labels === undefined ? finished : { ...finished, metadata: { ...finished.metadata, labels } });
}

describe('T10: a finished Allocation', () => {
  test('is kept until its owner deletes it, unless it says otherwise', () => {
    expect(actions(ended({}), '23:00:00')).toEqual([]);
    expect(nextLook(ended({}), '11:00:00')).toBeUndefined();
  });

  test('is kept for ttlAfterFinished, then collected', () => {
    const hour = ended({ ttlAfterFinished: '1h' });

    expect(actions(hour, '11:59:59')).toEqual([]);
    expect(nextLook(hour, '11:59:59')).toBe(1_000);
    expect(actions(hour, '12:00:00')).toEqual(['Collect']);
  });

  test.for(['argocd.argoproj.io/instance', 'app.kubernetes.io/instance', 'kustomize.toolkit.fluxcd.io/name'])(
    'is never collected while Git keeps it: %s',
    (key) => {
      expect(actions(ended({ ttlAfterFinished: '1h' }, { [key]: 'jobs' }), '23:00:00')).toEqual([]);
    },
  );

  test('T7: is not collected while the time cannot be trusted', () => {
    const doubtful = { ...ended({ ttlAfterFinished: '1h' }), frozen: 'in doubt' };

    expect(actions(doubtful, '12:00:00')).toEqual([]);
    expect(nextLook(doubtful, '12:00:00')).toBe(5_000);
  });

  test('leaves no wish behind', () => {
    expect(actions({ ...ended({}), servers: [server('github')] })).toEqual(['DeleteWish github']);
  });
});
