import type { Allocation } from '@cortex/crds';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { isWrite } from '../testing/simulation/line-to.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { CRASHES, misfits, type Scenario, sweep, type Trouble } from '../testing/simulation/sweep.ts';
import { allocation, at, pool, server } from '../testing/world.ts';

const kwok = { type: 'Kwok', kwok: { bootDelay: '1s' } };
const small = { size: 'small', ttl: '1h', maxLifetime: '24h', queueTimeout: '8h' };
const old = (more: object = {}) =>
  allocation('old', { count: 3, jobId: 'job', mcpServers: ['github'], ...small, ...more });
const next = (more: object = {}, name = 'next') =>
  allocation(name, {
    count: 3,
    jobId: 'job',
    mcpServers: ['github'],
    takesOver: 'old',
    at: '10:10:00',
    ...small,
    ...more,
  });

const phase = (simulation: Simulation, name: string): string | undefined => simulation.allocation(name)?.status?.phase;
const why = (one: Allocation | undefined): string => {
  const said = conditionOf(one?.status?.conditions, 'Finished') ?? conditionOf(one?.status?.conditions, 'Ready');
  return `${said?.reason}: ${said?.message}`;
};

/** The old job runs on all of the pool's slots but some. */
async function running(simulation: Simulation, limit = 3, more: object = {}): Promise<void> {
  simulation.apply(server('github'));
  simulation.apply(pool('burst', { limits: { workers: limit }, provider: kwok }));
  simulation.apply(old(more));
  await simulation.until(() => phase(simulation, 'old') === 'Active', 'the old one Active');
  await simulation.pass(600_000);
}

/** Who stands where: the same before and after a hand-over. */
const machines = (simulation: Simulation) =>
  simulation.workers.map(({ metadata, status }) => [metadata.name, metadata.uid, status?.vm?.id, status?.nodeUID]);

describe('T4: a hand-over', () => {
  let simulation: Simulation;
  beforeEach(() => {
    vi.useFakeTimers({ now: at('10:00:00') });
    simulation = new Simulation();
  });
  afterEach(() => void vi.useRealTimers());

  test('moves claims and nothing else: no machine, no Node, no pod is touched', async () => {
    await running(simulation);
    const before = machines(simulation);
    simulation.operator.line.calls.length = 0;

    simulation.apply(next());
    await simulation.until(
      () => phase(simulation, 'next') === 'Active' && phase(simulation, 'old') === 'Released',
      'taken',
    );
    await simulation.pass(30_000);

    expect(machines(simulation)).toEqual(before);
    const writes = simulation.operator.line.calls.filter(isWrite).map(({ verb, resource }) => `${verb} ${resource}`);
    const ours = writes.filter((each) => !/workerpools|update burstworkers/.test(each));
    expect(ours.at(0)).toBe('update allocations'); // the commit
    expect(ours.slice(1, 5).toSorted()).toEqual([
      'create mcpserverscales',
      ...Array<string>(3).fill('patch burstworkers'),
    ]);
    expect(ours.slice(5).toSorted()).toEqual(['delete mcpserverscales', 'update allocations', 'update allocations']);
    expect(why(simulation.allocation('old'))).toBe('HandedOver: Allocation next took over what it held');
    expect(simulation.allocation('next')?.status).toMatchObject({
      tookOver: { name: 'old' },
      chainStartedAt: '2030-01-01T10:00:00Z',
      workersReady: '3/3',
    });
  });

  test('of a hundred workers moves a hundred', async () => {
    simulation.apply(pool('burst', { limits: { workers: 100 }, provider: kwok, provisioning: { maxInFlight: 1000 } }));
    simulation.apply(old({ count: 100, mcpServers: undefined }));
    await simulation.until(() => phase(simulation, 'old') === 'Active', 'the old one Active');
    const before = machines(simulation);
    const calls = simulation.operator.line.calls;
    calls.length = 0;

    simulation.apply(next({ count: 100, mcpServers: undefined }));
    await simulation.until(
      () => phase(simulation, 'old') === 'Released' && phase(simulation, 'next') === 'Active',
      'taken',
    );

    expect(machines(simulation)).toEqual(before);
    expect(
      calls.filter(({ verb, resource }) => verb === 'evict' || resource === 'leases' || resource === 'nodes'),
    ).toEqual([]);
  });

  test('T3: undoes a drain that expiry began', async () => {
    await running(simulation);
    const before = machines(simulation);
    await simulation.until(() => phase(simulation, 'old') === 'Releasing', 'the old one expired', 3_600_000);
    await simulation.until(() => simulation.nodes.every(({ spec }) => spec.unschedulable === true), 'cordoned');

    simulation.apply(next());
    await simulation.until(
      () => phase(simulation, 'next') === 'Active' && phase(simulation, 'old') === 'Released',
      'taken',
    );
    await simulation.pass(60_000);

    expect(machines(simulation)).toEqual(before);
    expect(simulation.nodes.filter(({ spec }) => spec.unschedulable === true)).toEqual([]);
  });

  test('takes what it can use, makes what it lacks, and lets go what it does not need', async () => {
    await running(simulation, 5);
    const before = simulation.workers.map(({ metadata }) => metadata.name);
    simulation.apply(next({ count: 2 }, 'fewer'));
    await simulation.until(
      () => phase(simulation, 'old') === 'Released' && simulation.workers.length === 2,
      'the surplus gone',
    );
    expect(simulation.workers.every(({ metadata }) => before.includes(metadata.name))).toBe(true);

    simulation.apply(next({ count: 5, takesOver: 'fewer' }, 'more'));
    await simulation.until(
      () => phase(simulation, 'more') === 'Active' && phase(simulation, 'fewer') === 'Released',
      'taken',
    );
    expect(simulation.workers).toHaveLength(5);
    expect(simulation.allocation('more')?.status?.chainStartedAt).toBe('2030-01-01T10:00:00Z');
  });

  test('waits for what it lacks while the old one goes on', async () => {
    await running(simulation);
    simulation.apply(next({ count: 4 }));
    simulation.apply(next({ count: 4, takesOver: '' }, 'other'));
    await simulation.until(() => phase(simulation, 'next') === 'Pending', 'told to wait');

    expect(why(simulation.allocation('next'))).toBe(
      "ExceedsMaxQuota: Insufficient workers: requested 4, available 3 (the pool's limit)",
    );
    expect(phase(simulation, 'old')).toBe('Active');
  });

  test('happens once: of two that take over at the same time one is told who did', async () => {
    await running(simulation);
    simulation.apply(next());
    simulation.apply(next({}, 'rival'));
    await simulation.until(() => phase(simulation, 'rival') === 'Failed', 'one failed');
    await simulation.pass(30_000);

    expect(why(simulation.allocation('rival'))).toBe(
      'AlreadyHandedOver: Allocation old was already taken over by next; name the one that holds it now, or none',
    );
    expect(phase(simulation, 'next')).toBe('Active');
    expect(simulation.workers.map(({ spec }) => spec.claimRef?.name)).toEqual(['next', 'next', 'next']);
  });

  test('of one that is gone is an ordinary request, and says so', async () => {
    simulation.apply(server('github'));
    simulation.apply(pool('burst', { limits: { workers: 3 }, provider: kwok }));
    simulation.apply(next());
    await simulation.until(() => phase(simulation, 'next') === 'Active', 'Active');

    expect(conditionOf(simulation.allocation('next')?.status?.conditions, 'QuotaReserved')).toMatchObject({
      reason: 'PredecessorGone',
      message:
        '3 small workers reserved in WorkerPool burst. Allocation old, which it was to take over, is gone: this is an ordinary request now',
    });
  });

  test('of servers alone needs no pool', async () => {
    simulation.apply(server('github'));
    simulation.apply(old({ count: 0 }));
    await simulation.until(() => phase(simulation, 'old') === 'Active', 'Active');

    simulation.apply(next({ count: 0 }));
    await simulation.until(
      () => phase(simulation, 'next') === 'Active' && phase(simulation, 'old') === 'Released',
      'taken',
    );

    expect(simulation.wishes.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual(['next']);
  });

  test('passes no maxLifetime: it counts from the first of the chain', async () => {
    await running(simulation, 3, { maxLifetime: '2h' });
    await simulation.pass(3_000_000);
    simulation.apply(next({ maxLifetime: '90m' }));
    await simulation.until(() => phase(simulation, 'next') === 'Active', 'Active');

    expect(simulation.allocation('next')?.status?.expiresAt).toBe('2030-01-01T11:30:00Z');
  });

  test('does not begin when none of maxLifetime is left', async () => {
    await running(simulation, 3, { ttl: '8h' });
    await simulation.pass(3_600_000);
    simulation.apply(next());
    simulation.apply(next({ ttl: '30m', maxLifetime: '30m' }, 'late'));
    await simulation.until(() => phase(simulation, 'late') === 'Failed', 'Failed');

    expect(why(simulation.allocation('late'))).toMatch(/^(?:MaxLifetimeReached|AlreadyHandedOver): /);
  });
});

const SLOW = { timeout: 120_000 };

/** Who holds how much in the end. */
const told = (simulation: Simulation) => ({
  phases: ['old', 'next'].map((name) => phase(simulation, name)),
  claims: simulation.workers.map(({ spec }) => spec.claimRef?.name),
  machines: machines(simulation).length,
  wishes: simulation.wishes.map(({ metadata }) => metadata.ownerReferences?.[0]?.name),
});

const takeOver: Scenario = {
  begin: async (simulation) => {
    await running(simulation, 4);
    simulation.apply(allocation('vulture', { count: 2, ...small }));
    await simulation.pass(10_000);
  },
  goOn: (simulation) => simulation.apply(next({ count: 4 })),
  isOver: (simulation) => phase(simulation, 'next') === 'Active' && phase(simulation, 'old') === 'Released',
  told,
};

test(
  'T4: whatever goes wrong once, a hand-over with a deficit ends with every worker in its new place',
  SLOW,
  async () => {
    const runs = await sweep(takeOver, CRASHES);

    expect(runs.calm.told).toEqual({
      phases: ['Released', 'Active'],
      claims: ['next', 'next', 'next', 'next'],
      machines: 4,
      wishes: ['next'],
    });
    expect(misfits(runs)).toEqual([]);
  },
);

test(
  'T4: the old one deleted at any moment of it takes no worker with it that was taken over, and overruns nothing',
  SLOW,
  async () => {
    const deleted: Trouble = { name: 'old deleted before', before: (simulation) => simulation.delete('old') };
    const { others } = await sweep(
      {
        ...takeOver,
        isOver: (simulation) => ['next', 'vulture'].some((name) => phase(simulation, name) === 'Active'),
        told: (simulation) => told(simulation).claims.join(' '),
      },
      [deleted],
    );

    expect(others.flatMap(({ overruns }) => overruns)).toEqual([]);
    const taken = 'next next next next';
    expect(others[0]?.told).toBe('vulture vulture'); // gone before the commit: an ordinary request, and not the first
    expect(others.slice(1).filter((run) => run.told !== taken)).toEqual([]);
  },
);

test(
  'T4: the taker deleted at any moment of it leaves the old one whole or finished, and overruns nothing',
  SLOW,
  async () => {
    const deleted: Trouble = { name: 'next deleted after', after: (simulation) => simulation.delete('next') };
    const { others } = await sweep(
      {
        ...takeOver,
        afterMs: 900_000,
        isOver: (simulation) => phase(simulation, 'old') === 'Released' || isWhole(simulation),
        told: (simulation) => (isWhole(simulation) ? 'whole' : phase(simulation, 'old')),
      },
      [deleted],
    );

    expect(others.flatMap(({ overruns }) => overruns)).toEqual([]);
    expect(new Set(others.map((run) => run.told))).toEqual(new Set(['whole', 'Released']));
  },
);

/** The taker is gone and the old one has all its workers. */
const isWhole = (simulation: Simulation): boolean =>
  simulation.allocation('next') === undefined &&
  simulation.workers.filter(({ spec, status }) => spec.claimRef?.name === 'old' && status?.phase === 'Ready').length ===
    3;

test('T4: the old one expiring at any moment of it loses no worker', SLOW, async () => {
  const expired: Trouble = {
    name: 'old expired before',
    before: (simulation) => simulation.edit('old', { ttl: '60s' }),
  };
  const { others } = await sweep(takeOver, [expired]);

  expect(others.flatMap(({ overruns }) => overruns)).toEqual([]);
  for (const run of others) expect(run.told).toMatchObject({ claims: ['next', 'next', 'next', 'next'] });
});

test(
  'T4: a rival that comes at any moment of it gets nothing and is told, and no worker is counted twice',
  SLOW,
  async () => {
    const rival: Trouble = {
      name: 'a rival before',
      before: (simulation) => simulation.apply(next({ count: 4 }, 'rival')),
    };
    const { others } = await sweep(
      {
        ...takeOver,
        told: (simulation) => [
          ...told(simulation).claims,
          phase(simulation, 'rival'),
          why(simulation.allocation('rival')),
        ],
      },
      [rival],
    );

    expect(others.length).toBeGreaterThan(10);
    expect(others.flatMap(({ overruns }) => overruns)).toEqual([]);
    for (const run of others) {
      const [rivalSays, rivalIs, ...claims] = (run.told as string[]).toReversed();
      expect(claims).toEqual(['next', 'next', 'next', 'next']);
      expect(rivalIs).toBe('Failed');
      expect(rivalSays).toMatch(/^AlreadyHandedOver: Allocation old was already taken over/);
    }
  },
);
