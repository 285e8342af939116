import type { BurstWorker } from '@cortex/crds';
import { expect, test, vi } from 'vitest';
import { asking } from '../testing/asking.ts';
import type { MemoryCluster } from '../testing/memory-cluster.ts';
import { capacity, condition, pool, readyWorker, worker } from '../testing/objects.ts';

const PROVISION = { count: 2, ttl: 4, size: 'small' };
const admitted = { phase: 'Requested' as const, conditions: [condition('Admitted', 'True', 'Admitted')] };
const refused = {
  phase: 'Failed' as const,
  conditions: [condition('Ready', 'False', 'LimitReached', 'Insufficient workers: requested 1, available 0')],
};

/** Plays the operator: admits so many new workers, and refuses the rest. */
function admitting(cluster: MemoryCluster, most: number): void {
  let count = 0;
  cluster.onCreate = (kind, created) => {
    if (kind === 'workers')
      cluster.put('workers', { ...(created as BurstWorker), status: count++ < most ? admitted : refused });
  };
}

const permanent = (name: string, more: object = {}) => ({
  name,
  node: {
    allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
    createdAt: '2025-12-01T00:00:00Z',
  },
  ...more,
});

test('a pool that is named is asked for itself: the copy may not have heard of it yet', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('fresh'));
  vi.spyOn(cluster, 'list').mockResolvedValue([]);
  admitting(cluster, 1);

  expect(await ask('provision_workers', { ...PROVISION, count: 1, pool: 'fresh' })).toMatchObject({ count: 1 });
});

test('workers are made within the pool, with the right to fail at once', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst'));
  admitting(cluster, 2);

  expect(await ask('provision_workers', PROVISION)).toMatchObject({
    isError: false,
    count: 2,
    size: 'small',
    ttl_hours: 4,
    partial: false,
    failed: [],
    replayed: false,
    provisioned_workers: [
      {
        name: expect.stringMatching(/^burst-worker-[0-9a-f]{12}$/) as string,
        status: 'provisioning',
        type: 'burst',
        resources: { cpu: 2, memory_gb: 4, disk_gb: 50 },
        ttl_expires: null,
      },
      {},
    ],
  });
  const [made] = await cluster.list('workers');
  expect(made?.spec).toEqual({ pool: 'burst', size: 'small', ttl: '4h' });
  expect(made?.metadata.annotations).toMatchObject({ 'cortex.automation/when-insufficient': 'Fail' });
});

test('what the pool refuses is named beside what it admits', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst'));
  admitting(cluster, 1);

  expect(await ask('provision_workers', PROVISION)).toMatchObject({
    isError: false,
    count: 1,
    partial: true,
    failed: [{ code: 'capacity_exhausted', error: 'Insufficient workers: requested 1, available 0' }],
  });
});

test('nothing admitted is an error', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst'));
  admitting(cluster, 0);

  expect(await ask('provision_workers', PROVISION)).toMatchObject({
    isError: true,
    code: 'capacity_exhausted',
    status: 'failed',
  });
});

test('a repeated key is the same workers; the same key for another number is a conflict', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst', { status: capacity(2, 0) }));
  admitting(cluster, 2);
  const keyed = { ...PROVISION, idempotency_key: 'two-of-mine' };
  const first = await ask('provision_workers', keyed);
  cluster.put('pools', pool('burst', { status: capacity(2, 2) }));

  expect(await ask('provision_workers', keyed)).toEqual({ ...first, replayed: true });
  expect(await ask('provision_workers', { ...keyed, count: 3 })).toMatchObject({ code: 'idempotency_conflict' });
  expect(await cluster.list('workers')).toHaveLength(2);
});

test.for([
  [{ count: 0 }, 'Worker count must be between 1 and 10'],
  [{ count: 11 }, 'Worker count must be between 1 and 10'],
  [{ count: -1 }, 'Worker count must be between 1 and 10'],
  [{ count: '2' }, 'Worker count must be between 1 and 10'],
  [{ ttl: 0 }, 'TTL must be between 1 and 168 hours'],
  [{ ttl: 169 }, 'TTL must be between 1 and 168 hours'],
  [{ size: 'xlarge' }, 'Invalid size. Must be one of: [small, medium]'],
  [{ ttl: 10 }, 'WorkerPool burst lets workers live for 8h at most'],
  [{ count: 5 }, 'Insufficient workers: requested 5, available 3'],
] as const)('%o is refused before anything is written: %s', async ([args, error]) => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst', { spec: { ttl: { default: '4h', max: '8h' } }, status: capacity(4, 1) }));

  expect(await ask('provision_workers', { ...PROVISION, ...args })).toMatchObject({ isError: true, error });
  expect(cluster.writes).toEqual([]);
});

const lines = ({ items }: Record<string, unknown>) =>
  (items as { name: string; type: string; status: string }[]).map(
    ({ name, type, status }) => `${name} ${type} ${status}`,
  );

test('list_workers shows burst and permanent ones by what they are doing', async () => {
  const { cluster, ask } = asking();
  const claimRef = { namespace: 'default', name: 'a', uid: 'u', reclaimPolicy: 'Delete' } as const;
  cluster.put('workers', worker('a-new'));
  cluster.put('workers', readyWorker('b-ready'));
  cluster.put('workers', readyWorker('c-busy', { spec: { claimRef } }));
  cluster.put(
    'workers',
    readyWorker('d-cordoned', { status: { conditions: [condition('Cordoned', 'True', 'Draining')] } }),
  );
  cluster.put('workers', readyWorker('e-going', { metadata: { deletionTimestamp: '2026-01-01T11:00:00Z' } }));
  cluster.put('workers', worker('f-failed', { status: { phase: 'Failed' } }));
  cluster.put('workers', worker('g-lost', { status: { phase: 'Joining', registeredAt: '2026-01-01T10:00:00Z' } }));
  const nodes = [permanent('h-node'), permanent('i-node', { drain: { pods: { total: 1 } } }), { name: 'j-node' }];
  cluster.put('pools', pool('base', { spec: { class: 'Permanent', default: false }, status: { nodes } }));

  const all = await ask('list_workers');
  expect(lines(all)).toEqual([
    'a-new burst provisioning',
    'b-ready burst ready',
    'c-busy burst busy',
    'd-cordoned burst draining',
    'e-going burst draining',
    'f-failed burst not_ready',
    'g-lost burst not_ready',
    'h-node permanent ready',
    'i-node permanent draining',
    'j-node permanent not_ready',
  ]);
  expect(all).toMatchObject({ count: 10, filter: 'none', next_cursor: null });
  const some = await ask('list_workers', { type_filter: 'permanent', limit: 2 });
  expect(some).toMatchObject({ count: 3, filter: 'permanent', items: [{ name: 'h-node', ttl_expires: null }, {}] });
});

test('a worker is found by its own name and by that of its Node', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1', { status: { nodeName: 'node-17' } }));

  for (const worker_id of ['burst-1', 'node-17'])
    expect(await ask('get_worker_details', { worker_id })).toMatchObject({
      name: 'burst-1',
      node: 'node-17',
      status: 'ready',
      pool: 'burst',
      ttl_expires: '2026-01-01T14:00:00Z',
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
      drained: false,
      drain: null,
    });
  expect(await ask('get_worker_details', { worker_id: 'brust-1' })).toMatchObject({
    code: 'not_found',
    error: 'Worker brust-1 not found',
    worker_id: 'brust-1',
    near: ['burst-1'],
  });
});

test('get_worker_capacity shows what is left of each machine, and of all', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1'));
  cluster.put('workers', worker('burst-2'));
  cluster.put('pools', pool('base', { spec: { class: 'Permanent' }, status: { nodes: [permanent('node-1')] } }));

  expect(await ask('get_worker_capacity')).toMatchObject({
    count: 3,
    truncated: false,
    workers: [
      {
        name: 'burst-1',
        requested: { cpu: 0.5, memory: 1024, pods: 2 },
        available: { cpu: 3.5, memory: 7168, pods: 108 },
      },
      { name: 'burst-2', allocatable: { cpu: null }, available: { cpu: null } },
      { name: 'node-1', allocatable: { cpu: 8 }, available: { cpu: null } },
    ],
    totals: { allocatable: { cpu: 12, memory: 24_576, pods: 220 }, available: { cpu: 3.5 } },
  });
  expect(await ask('get_worker_capacity', { type_filter: 'burst' })).toMatchObject({ count: 2 });
  expect(await ask('get_worker_capacity', { worker_id: 'node-1' })).toMatchObject({
    count: 1,
    workers: [{ type: 'permanent' }],
  });
});

test('drain_worker begins a drain that holds at its deadline, and names what undoes it', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1'));
  cluster.onCreate = (kind, created) => {
    if (kind !== 'drains') return;
    const pods = { total: 3, evicted: 1, blocked: 1, ignored: 2 };
    cluster.put('drains', {
      ...created,
      status: { phase: 'Draining', drain: { pods }, conditions: [condition('Cordoned', 'True', 'Draining')] },
    });
  };

  const begun = await ask('drain_worker', { worker_id: 'burst-1' });
  expect(begun).toMatchObject({
    isError: false,
    status: 'draining',
    message: 'Worker drain initiated successfully. To undo it: kubectl delete nodedrain drain-burst-1',
    output: { evicted: 1, ignored: 2, blocked: 1 },
    pods_remaining: 3,
  });
  expect((await cluster.list('drains'))[0]?.spec).toMatchObject({
    nodeName: 'burst-1',
    timeout: '10m',
    onDeadline: 'Hold',
  });
  expect(await ask('drain_worker', { worker_id: 'burst-1' })).toEqual(begun);
  expect(cluster.writes).toEqual(['create drains drain-burst-1']);
});

test('a drain that somebody else began is told of, not begun again', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('base', { spec: { class: 'Permanent' }, status: { nodes: [permanent('node-1')] } }));
  cluster.put('drains', {
    metadata: { name: 'maintenance' },
    spec: { nodeName: 'node-1' },
    status: { phase: 'Drained', conditions: [condition('Drained', 'True', 'Drained')] },
  });

  expect(await ask('drain_worker', { worker_id: 'node-1' })).toMatchObject({
    status: 'drained',
    message: 'Worker drained. To undo it: kubectl delete nodedrain maintenance',
    pods_remaining: 0,
  });
  expect(cluster.writes).toEqual([]);
});

test('a NodeDrain of that name that drains another Node is not taken for this one', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1'));
  cluster.put('drains', { metadata: { name: 'drain-burst-1' }, spec: { nodeName: 'node-9' } });

  expect(await ask('drain_worker', { worker_id: 'burst-1' })).toMatchObject({
    code: 'invalid',
    error: 'NodeDrain drain-burst-1 drains another Node, node-9',
    next_step: expect.stringContaining('kubectl delete nodedrain drain-burst-1') as string,
  });
});

test('a worker without a Node has nothing to drain', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', worker('burst-1'));

  expect(await ask('drain_worker', { worker_id: 'burst-1' })).toMatchObject({ code: 'invalid', worker_id: 'burst-1' });
});

const drained = { conditions: [condition('Drained', 'True', 'Drained')] };

test('a drained worker is destroyed once it is gone', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1', { status: drained }));

  expect(await ask('destroy_worker', { worker_id: 'burst-1' })).toEqual({
    isError: false,
    worker_id: 'burst-1',
    status: 'destroyed',
    removed_from_cluster: true,
    vm_deleted: true,
    message: 'Worker burst-1 destroyed',
  });
});

test.for([
  ['destroying', []],
  ['partial_destroy', [condition('VmGone', 'True', 'VmRemoved')]],
] as const)('a worker that is not gone in time is %s', async ([status, conditions]) => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1', { status: { conditions: [...drained.conditions, ...conditions] } }));
  cluster.finalizers = true;

  const answer = await ask('destroy_worker', { worker_id: 'burst-1', timeout: 1 });
  expect(answer).toMatchObject({
    isError: false,
    status,
    vm_deleted: status === 'partial_destroy',
    removed_from_cluster: false,
  });
  expect('error' in answer).toBe(status === 'partial_destroy');
});

test.for([
  [
    'a permanent worker',
    'node-1',
    'forbidden',
    'SAFETY VIOLATION: Cannot destroy permanent worker node-1. Only burst workers can be destroyed.',
  ],
  [
    'one that is not drained',
    'burst-1',
    'invalid',
    'Worker burst-1 is not drained. Run drain_worker first or use force=True (not recommended)',
  ],
  ['a protected one', 'burst-2', 'forbidden', 'Worker burst-2 is protected by spec.deletionProtection'],
  ['an unknown one', 'nobody', 'not_found', 'Worker nobody not found'],
] as const)('%s is not destroyed', async ([, worker_id, code, error]) => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('base', { spec: { class: 'Permanent' }, status: { nodes: [permanent('node-1')] } }));
  cluster.put('workers', readyWorker('burst-1'));
  cluster.put('workers', readyWorker('burst-2', { spec: { deletionProtection: true }, status: drained }));

  expect(await ask('destroy_worker', { worker_id })).toMatchObject({ isError: true, code, error, worker_id });
  expect(cluster.writes).toEqual([]);
});

test.for(['node-1', 'burst-2'])('force does not destroy %s, which is permanent or protected', async (worker_id) => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('base', { spec: { class: 'Permanent' }, status: { nodes: [permanent('node-1')] } }));
  cluster.put('workers', readyWorker('burst-2', { spec: { deletionProtection: true }, status: drained }));

  expect(await ask('destroy_worker', { worker_id, force: true })).toMatchObject({ isError: true, code: 'forbidden' });
  expect(cluster.writes).toEqual([]);
});

test('force drains for thirty seconds with deletion of what is left, and then deletes', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', readyWorker('burst-1'));

  expect(await ask('destroy_worker', { worker_id: 'burst-1', force: true })).toMatchObject({ status: 'destroyed' });
  expect(cluster.writes).toEqual(['create drains drain-burst-1', 'delete workers burst-1']);
  expect((await cluster.list('drains'))[0]?.spec).toMatchObject({ timeout: '30s', onDeadline: 'ForceDelete' });
});

test('a worker whose machine never joined is destroyed without a drain', async () => {
  const { cluster, ask } = asking();
  cluster.put('workers', worker('burst-1', { status: { phase: 'Failed' } }));

  expect(await ask('destroy_worker', { worker_id: 'burst-1' })).toMatchObject({ status: 'destroyed' });
});
