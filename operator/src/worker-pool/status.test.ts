import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { ledger } from '../admission/ledger.ts';
import { conditionOf } from '../conditions.ts';
import { admitted, allocation, at, deleting, pool, reserving, running, says, warm, worker } from '../testing/world.ts';
import { aPod } from '../testing/pods.ts';
import { aNode } from '../testing/workers.ts';
import type { Seen } from './seen.ts';
import { publishes, report } from './status.ts';

const burst = pool('burst', { limits: { workers: 4, cpu: '20', memory: '40Gi' } });
const holder = reserving(allocation('holder', { count: 2 }), ['h-0', 'h-1']);

interface Scene extends Partial<Seen> {
  readonly allocations?: readonly Allocation[];
}

function look({ pool: of = burst, workers = [], allocations = [], ...rest }: Scene = {}): Seen {
  return {
    pool: of,
    workers,
    ledger: ledger(of, workers, allocations),
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

const told = (scene?: Scene) => report(look(scene), at('10:00:00'));
const line = (scene: Scene, type: 'Ready' | 'ProviderReachable' | 'CapacityAvailable' | 'LimitsRespected'): string => {
  const said = conditionOf(told(scene)?.conditions, type);
  return `${said?.status} ${said?.reason}: ${said?.message}`;
};

test('capacity is what it has, what is given away, and what a request could get', () => {
  expect(told({ allocations: [holder] })?.capacity).toEqual({
    total: { workers: 4, cpu: '20', memory: '40Gi' },
    reserved: { workers: 2, cpu: '4', memory: '8Gi' },
    available: { workers: 2, cpu: '16', memory: '32Gi' },
  });
});

test('C4: a warm worker is still to be had', () => {
  expect(told({ workers: [warm('w')] })?.capacity).toMatchObject({
    reserved: { workers: 0, cpu: '0' },
    available: { workers: 4, cpu: '20' },
  });
});

test('a pool without limits says nothing about what is unlimited', () => {
  const free = pool('free');

  expect(told({ pool: free, allocations: [] })?.capacity?.total).toEqual({});
});

test('workers are counted by state', () => {
  const workers: BurstWorker[] = [
    warm('a'),
    running(worker('b', { claimedBy: allocation('job') })),
    admitted(worker('c')),
    running(worker('d'), { phase: 'Draining' }),
    running(worker('e'), { phase: 'Failed' }),
    worker('f'),
  ];

  expect(told({ workers })?.workers).toEqual({
    total: 6,
    ready: 2,
    claimed: 1,
    warm: 1,
    provisioning: 2,
    draining: 1,
    failed: 1,
  });
});

describe('conditions', () => {
  test('Ready, unless it is being deleted or cannot make machines', () => {
    expect(line({}, 'Ready')).toBe('True Ready: The pool admits requests');
    expect(line({ pool: deleting(burst) }, 'Ready')).toMatch(/^False PoolDeleted: /);
    expect(line({ notBuilt: 'This build has no provider Mcp' }, 'Ready')).toBe(
      'False ProviderNotBuilt: This build has no provider Mcp',
    );
  });

  test('ProviderReachable is what was found, and Ready points at it; before anybody looked there is none', () => {
    const provider = { status: false, reason: 'PrivilegeMissing', message: 'lacks VM.Clone on /vms/9001' } as const;

    expect(line({ provider }, 'ProviderReachable')).toBe('False PrivilegeMissing: lacks VM.Clone on /vms/9001');
    expect(line({ provider }, 'Ready')).toBe(
      'True Ready: The pool admits requests; what its provider lacks is in ProviderReachable',
    );
    expect(conditionOf(told()?.conditions, 'ProviderReachable')).toBeUndefined();
  });

  test('of two defaults the younger says which serves', () => {
    expect(line({ olderDefault: 'older' }, 'Ready')).toBe(
      'True Ready: The pool admits requests; WorkerPool older is older and stays the default',
    );
  });

  test('CapacityAvailable is about one more worker of any size', () => {
    const tight = pool('burst', { limits: { workers: 9, cpu: '5' } });
    const full = pool('burst', { limits: { workers: 9, cpu: '5', memory: '9Gi' } });

    expect(line({ pool: tight }, 'CapacityAvailable')).toMatch(/^True/);
    expect(line({ pool: full, allocations: [holder] }, 'CapacityAvailable')).toBe(
      'False InsufficientCPU: Insufficient CPU: needed 2, available 1',
    );
    expect(line({ pool: full, workers: [warm('w')], allocations: [holder] }, 'CapacityAvailable')).toMatch(/^True/);
  });

  test('LimitsRespected is false when limits were lowered below what is used', () => {
    const lowered = pool('burst', { limits: { workers: 1 } });

    expect(line({ pool: lowered, allocations: [holder] }, 'LimitsRespected')).toMatch(
      /^False LimitReached: More is in use than spec\.limits of WorkerPool burst allow/,
    );
    expect(told({ pool: lowered, allocations: [holder] })?.capacity?.available?.workers).toBe(0);
  });
});

test('who waits is a number and a time, and not a list', () => {
  expect(told({ pending: 3, oldestSince: '2030-01-01T09:00:00Z' })?.queue).toEqual({
    pending: 3,
    oldestSince: '2030-01-01T09:00:00Z',
  });
});

test('a status that was not published yet counts nobody', () => {
  const published: WorkerPool = { ...burst, status: told({ allocations: [holder] }) ?? {} };
  const more = reserving(allocation('more'), ['m-0']);

  expect(publishes(undefined, ledger(burst, [], [holder]))).toBe(false);
  expect(publishes(published.status, ledger(burst, [], [holder]))).toBe(true);
  expect(publishes(published.status, ledger(burst, [], [holder, more]))).toBe(false);
  expect(publishes(published.status, ledger(burst, [], [says(holder, 'Finished', true, 'TtlExpired')]))).toBe(true);
});

test('the capacity of a permanent pool is what its Nodes offer, without what pods request there', () => {
  const metal = pool('metal', { class: 'Permanent', provider: undefined });
  const web = aPod({
    spec: { containers: [{ name: 'web', resources: { requests: { cpu: '1500m', memory: '1Gi' } } }] },
  });
  const nodes = [[web], [web, web], []].map((pods, i) => ({
    node: aNode({ metadata: { name: `m${i}` }, systemUUID: '' }),
    pods,
    drain: undefined,
  }));

  expect(told({ pool: metal, nodes })?.capacity).toEqual({
    total: { workers: 3, cpu: '12', memory: '24Gi' },
    reserved: { workers: 0, cpu: '4500m', memory: '3Gi' },
    available: { workers: 3, cpu: '7500m', memory: '21Gi' },
  });
  expect(told({ pool: metal })?.capacity?.total).toEqual({ workers: 0, cpu: '0', memory: '0' });
});

test('the capacity of a permanent pool counts every Node of many, and what is requested as often as it is shown', () => {
  const web = aPod({ spec: { containers: [{ name: 'web', resources: { requests: { cpu: '1', memory: '1Gi' } } }] } });
  const metal = pool('metal', { class: 'Permanent', provider: undefined });
  const nodes = Array.from({ length: 201 }, (_, i) => ({
    node: aNode({ metadata: { name: `m${String(i).padStart(3, '0')}` }, systemUUID: '' }),
    pods: [web],
    drain: undefined,
  }));
  const before = { ...metal, status: told({ pool: metal, nodes }) ?? {} };
  const fewer = nodes.map((each, i) => (i < 100 ? { ...each, pods: [] } : each));

  expect(before.status.capacity).toMatchObject({ total: { workers: 201, cpu: '804' }, reserved: { cpu: '201' } });
  expect(report(look({ pool: before, nodes: fewer }), at('10:00:05'))?.capacity?.reserved?.cpu).toBe('201');
  expect(report(look({ pool: before, nodes: fewer }), at('10:00:17'))?.capacity?.reserved?.cpu).toBe('101');
});

test('a permanent pool counts its Nodes as its workers, and says what it does not show', () => {
  const metal = pool('metal', { class: 'Permanent', provider: undefined });
  const nodes = [true, true, false].map((ready, i) => ({
    node: aNode({ metadata: { name: `m${i}` }, systemUUID: '', ready }),
    pods: [],
    drain: undefined,
  }));

  expect(told({ pool: metal, nodes })?.workers).toEqual({ total: 3, ready: 2, draining: 0 });
  expect(told({ pool: metal, nodes })?.nodes?.map(({ phase }) => phase)).toEqual(['Ready', 'Ready', 'NotReady']);
  expect(line({ pool: metal, nodes }, 'Ready')).toBe('True Ready: The pool counts its Nodes');
});
