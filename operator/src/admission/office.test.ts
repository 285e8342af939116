import type { Allocation } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { officeOf, verdicts } from '../testing/offices.ts';
import { sentence } from '../testing/verdicts.ts';
import { admitted, allocation, at, deleting, pool, reserving, running, says, worker } from '../testing/world.ts';

const burst = pool('burst', { limits: { workers: 5 } });
const strict = pool('burst', { limits: { workers: 5 }, queue: { ordering: 'Strict' } });

test('A6: every request that fits is admitted in one pass, not one a pass', () => {
  const waiting = ['a', 'b', 'c'].map((name) => allocation(name));

  expect(verdicts({ waiting })).toEqual([
    'a reserves medium in burst, on none',
    'b reserves medium in burst, on none',
    'c reserves medium in burst, on none',
  ]);
});

test('A3: a request gets all its workers or none', () => {
  expect(verdicts({ waiting: [allocation('a', { count: 4 }), allocation('b', { count: 2 })] })).toEqual([
    'a reserves medium in burst, on none',
    'b waits, InsufficientWorkers: Insufficient workers: requested 2, available 1',
  ]);
});

test('A4: what one request was given within a pass is not given to the next', () => {
  const small = pool('burst', { limits: { cpu: '4', memory: '100Gi' } });

  expect(verdicts({ pools: [small], waiting: [allocation('a'), allocation('b')] })).toEqual([
    'a reserves medium in burst, on none',
    'b waits, InsufficientCPU: Insufficient CPU: needed 4, available 0',
  ]);
});

test('memory limits as well', () => {
  const small = pool('burst', { limits: { memory: '12Gi' } });

  expect(verdicts({ pools: [small], waiting: [allocation('a', { count: 1 }), allocation('b')] })[1]).toBe(
    'b waits, InsufficientMemory: Insufficient memory: needed 8192MB, available 4096MB',
  );
});

test('A13: pools do not lend to each other', () => {
  const other = pool('other', { default: false, limits: { workers: 5 } });
  const waiting = [allocation('a', { count: 5 }), allocation('b', { count: 5, pool: 'other' }), allocation('c')];

  expect(verdicts({ pools: [burst, other], waiting }).map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
    'a reserves',
    'b reserves',
    'c waits,',
  ]);
});

describe('A9: a request beyond the limits of the pool', () => {
  const huge = allocation('huge', { count: 6, at: '09:30:00', priority: 'Critical' });

  test('is told so at once, with the limit', () => {
    expect(verdicts({ waiting: [huge] })).toEqual([
      "huge waits, ExceedsMaxQuota: Insufficient workers: requested 6, available 5 (the pool's limit)",
    ]);
  });

  test('blocks nobody, not even in a strict pool', () => {
    expect(verdicts({ pools: [strict], waiting: [huge, allocation('a')] })[1]).toBe(
      'a reserves medium in burst, on none',
    );
  });

  test('fails at once where it asked for that', () => {
    const failing = allocation('huge', { count: 6, whenInsufficient: 'Fail' });

    expect(verdicts({ waiting: [failing] })).toEqual([
      "huge fails, ExceedsMaxQuota: Insufficient workers: requested 6, available 5 (the pool's limit)",
    ]);
  });
});

describe('whenInsufficient: Fail', () => {
  const holder = reserving(allocation('holder', { count: 4 }), ['h-0', 'h-1', 'h-2', 'h-3']);
  const failing = allocation('now-or-never', { count: 2, whenInsufficient: 'Fail' });

  test('fails at once with the numbers', () => {
    expect(verdicts({ allocations: [holder], waiting: [failing] })).toEqual([
      'now-or-never fails, InsufficientWorkers: Insufficient workers: requested 2, available 1',
    ]);
  });

  test('is admitted like any other where it fits', () => {
    expect(verdicts({ waiting: [failing] })).toEqual(['now-or-never reserves medium in burst, on none']);
  });

  test('fails on a pool that does not exist', () => {
    expect(verdicts({ pools: [], waiting: [failing] })[0]).toMatch(/^now-or-never fails, PoolNotFound: /);
  });

  test('says what there is when it stands behind somebody', () => {
    const head = allocation('head', { count: 3, at: '09:30:00' });

    expect(
      verdicts({
        pools: [strict],
        allocations: [holder],
        waiting: [head, allocation('one', { whenInsufficient: 'Fail' })],
      })[1],
    ).toBe('one fails, WaitingForQuota: Requested 1, available 1, but Allocation team/head is served first');
  });
});

describe('the order within a pool', () => {
  const holder = reserving(allocation('holder', { count: 3 }), ['h-0', 'h-1', 'h-2']);
  const head = allocation('head', { count: 4, at: '10:00:00' });
  const small = allocation('small', { count: 1, at: '10:00:01' });

  test('A5: BestEffort lets a request that fits pass a head that does not', () => {
    expect(verdicts({ allocations: [holder], waiting: [head, small], now: '10:09:59' })).toEqual([
      'head waits, InsufficientWorkers: Insufficient workers: requested 4, available 2',
      'small reserves medium in burst, on none',
    ]);
  });

  test('A5: nobody passes a head that has waited for ageAfter', () => {
    expect(verdicts({ allocations: [holder], waiting: [head, small], now: '10:10:00' })).toEqual([
      'head waits, InsufficientWorkers: Insufficient workers: requested 4, available 2',
      'small waits, WaitingForQuota: Requested 1, available 2, but Allocation team/head is served first',
    ]);
  });

  test('A5: a strict pool lets nobody pass', () => {
    expect(verdicts({ pools: [strict], allocations: [holder], waiting: [head, small] })[1]).toMatch(
      /^small waits, WaitingForQuota/,
    );
  });

  test('a request of higher priority still goes before an aged head', () => {
    const urgent = allocation('urgent', { priority: 'High', at: '10:20:00' });

    expect(verdicts({ allocations: [holder], waiting: [urgent, head], now: '10:30:00' })[0]).toBe(
      'urgent reserves medium in burst, on none',
    );
  });

  test('a head that failed does not close the pool', () => {
    const failing = allocation('head', { count: 4, whenInsufficient: 'Fail' });

    expect(verdicts({ pools: [strict], allocations: [holder], waiting: [failing, small] })[1]).toBe(
      'small reserves medium in burst, on none',
    );
  });
});

describe('A12: queueTimeout', () => {
  const patient = allocation('patient', { count: 6, queueTimeout: '30m' });

  test('ends the waiting, with what it waited for', () => {
    expect(verdicts({ waiting: [patient], now: '10:29:59' })[0]).toMatch(/^patient waits/);
    expect(verdicts({ waiting: [patient], now: '10:30:00' })).toEqual([
      "patient fails, QueueTimeout: Waited 30m in the queue. Insufficient workers: requested 6, available 5 (the pool's limit)",
    ]);
  });

  test('does not end what can be admitted in the same moment', () => {
    const lucky = allocation('lucky', { queueTimeout: '30m' });

    expect(verdicts({ waiting: [lucky], now: '11:00:00' })).toEqual(['lucky reserves medium in burst, on none']);
  });
});

describe('C5: a worker that a person made', () => {
  const mine = worker('mine', { at: '10:00:01' });

  test('gets its slot in the same loop', () => {
    expect(verdicts({ waiting: [mine] })).toEqual(['mine is admitted as small']);
  });

  test('waits when the pool is full', () => {
    expect(verdicts({ pools: [pool('burst', { limits: { workers: 1 } })], waiting: [allocation('a'), mine] })[1]).toBe(
      'mine waits, InsufficientWorkers: Insufficient workers: requested 1, available 0',
    );
  });

  test('fails at once with LimitReached where its annotation says so', () => {
    const hurried = {
      ...mine,
      metadata: { ...mine.metadata, annotations: { 'cortex.automation/when-insufficient': 'Fail' } },
    };

    expect(verdicts({ pools: [pool('burst', { limits: { workers: 0 } })], waiting: [hurried] })).toEqual([
      "mine fails, LimitReached: Insufficient workers: requested 1, available 0 (the pool's limit)",
    ]);
  });

  test('A4: takes its room from the next', () => {
    const others = pool('burst', { limits: { workers: 1 } });

    expect(verdicts({ pools: [others], waiting: [mine, allocation('a', { at: '10:00:02' })] })[1]).toMatch(/^a waits/);
  });
});

test('limits that were lowered below what is used admit nobody', () => {
  const lowered = pool('burst', { limits: { workers: 1 } });
  const workers = [admitted(worker('x')), admitted(worker('y'))];

  expect(verdicts({ pools: [lowered], workers, waiting: [allocation('a')] })).toEqual([
    'a waits, InsufficientWorkers: Insufficient workers: requested 1, available 0',
  ]);
});

test('A1: a machine that is not confirmed gone keeps its slot, so nobody is admitted in its place', () => {
  const one = pool('burst', { limits: { workers: 1 } });
  const going = deleting(running(worker('x', { claimedBy: allocation('gone') })));

  expect(verdicts({ pools: [one], workers: [going], waiting: [allocation('a')] })[0]).toMatch(/^a waits/);
  expect(
    verdicts({ pools: [one], workers: [says(going, 'VmGone', true, 'VmRemoved')], waiting: [allocation('a')] }),
  ).toEqual(['a reserves medium in burst, on none']);
});

describe('A3: servers', () => {
  const asks = allocation('asks', { mcpServers: ['github', 'filesystem'] });
  const without = { hasServer: (key: string) => key === 'team/filesystem' };

  test('that do not exist are named, and no worker is held for a job that cannot begin', () => {
    expect(verdicts({ waiting: [asks], ...without })).toEqual([
      'asks waits, ServerNotFound: No McpServer github in namespace team',
    ]);
  });

  test('that do not exist close the pool to nobody', () => {
    expect(verdicts({ pools: [strict], waiting: [asks, allocation('next', { at: '10:00:01' })], ...without })[1]).toBe(
      'next reserves medium in burst, on none',
    );
  });

  test('fail at once a request that wants that, also one without workers', () => {
    const failing = allocation('asks', { count: 0, mcpServers: ['github'], whenInsufficient: 'Fail' });

    expect(verdicts({ waiting: [failing], ...without })).toEqual([
      'asks fails, ServerNotFound: No McpServer github in namespace team',
    ]);
  });

  test('make a job without workers wait, but for no pool', () => {
    const idle = allocation('idle', { count: 0, mcpServers: ['github'] });
    const office = officeOf({ waiting: [asks, idle], ...without });
    office.pass(at('10:00:00'));

    expect(office.pendingIn('burst').pending).toBe(1);
  });

  test('that come are seen', () => {
    const servers = new Set(['team/filesystem']);
    const office = officeOf({ waiting: [asks], hasServer: (key) => servers.has(key) });
    office.pass(at('10:00:00'));

    servers.add('team/github');
    office.serverChanged([asks]);

    expect(office.pass(at('10:00:01')).map(sentence)).toEqual(['asks reserves medium in burst, on none']);
  });
});

test('C5: ten thousand that wait for the same are not looked at again for each that is admitted', () => {
  const many = Array.from({ length: 10_000 }, (_, i) =>
    allocation(`job-${String(i).padStart(5, '0')}`, { count: 1, queueTimeout: '8h' }),
  );
  const office = officeOf({ pools: [pool('burst', { limits: { workers: 1 } })], waiting: many });
  const [head = many[0], ...rest] = office.pass(at('10:00:00'));
  expect(rest).toHaveLength(9_999);

  const admittedOne = reserving((head as { candidate: Allocation }).candidate, ['w-0']);
  office.allocationChanged(admittedOne, many[0]);
  expect(office.hasWork).toBe(false);

  office.allocationChanged(undefined, admittedOne);
  expect(office.pass(at('10:00:01')).map(sentence)).toEqual([
    'job-00001 reserves medium in burst, on none',
    'job-00002 waits, InsufficientWorkers: Insufficient workers: requested 1, available 0',
  ]);
});
