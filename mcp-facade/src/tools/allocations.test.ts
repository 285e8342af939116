import { expect, test } from 'vitest';
import { asking } from '../testing/asking.ts';
import { allocation, capacity, condition, pool, server } from '../testing/objects.ts';

const REQUEST = { job_id: 'job-1', workers: 2, when_insufficient: 'queue' };

const ready = {
  phase: 'Active' as const,
  conditions: [condition('Ready', 'True', 'Ready', 'Everything asked for is ready')],
};

test('a request becomes an Allocation that says who asked, by what, and in which call', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst'));
  cluster.put('servers', server('github'));

  const requested = await ask('request_resources', {
    ...REQUEST,
    mcp_servers: ['github'],
    size: 'small',
    priority: 'high',
    ttl_seconds: 90,
    metadata: { task: 'x' },
  });

  expect(requested).toMatchObject({ isError: false, status: 'pending', replayed: false, wait: null, expires_at: null });
  const [made] = await cluster.list('allocations');
  expect(made?.metadata).toMatchObject({
    namespace: 'default',
    annotations: {
      'cortex.automation/requested-by': 'tester',
      'cortex.automation/client': 'test/1',
      'cortex.automation/request-id': expect.any(String) as string,
    },
  });
  expect(made?.spec).toEqual({
    jobId: 'job-1',
    mcpServers: ['github'],
    workers: { count: 2, size: 'small' },
    priority: 'High',
    ttl: '1m30s',
    whenInsufficient: 'Queue',
    ttlAfterFinished: '1h',
    metadata: { task: 'x' },
  });
});

test('a ttl beyond a day raises the ceiling with it', async () => {
  const { cluster, ask } = asking();
  await ask('request_resources', { ...REQUEST, workers: 0, ttl_seconds: 200_000 });

  const [made] = await cluster.list('allocations');
  expect(made?.spec).toMatchObject({ ttl: '55h33m20s', maxLifetime: '55h33m20s' });
});

test.for([
  ['a pool that is not there', { pool: 'brust' }, 'not_found', 'WorkerPool brust not found', { near: ['burst'] }],
  ['a size the pool has not', { size: 'huge' }, 'invalid', 'Invalid size. Must be one of: [small, medium]', {}],
  [
    'a server that is not there',
    { mcp_servers: ['githab'] },
    'not_found',
    "MCP server 'githab' not found in namespace 'default'",
    { near: ['github'] },
  ],
  [
    'more workers than are free',
    { when_insufficient: 'fail', workers: 9 },
    'capacity_exhausted',
    'Insufficient workers: requested 9, available 8',
    { available_workers: 8 },
  ],
  [
    'a predecessor that is not there',
    { take_over: 'alloc-1' },
    'not_found',
    'Allocation alloc-1 not found',
    { allocation_id: 'alloc-1' },
  ],
] as const)('%s is refused before anything is written', async ([, args, code, error, data]) => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst', { status: capacity(10, 2) }));
  cluster.put('servers', server('github'));

  expect(await ask('request_resources', { ...REQUEST, ...args })).toMatchObject({
    isError: true,
    code,
    error,
    ...data,
  });
  expect(cluster.writes).toEqual([]);
});

test('of several default pools the older serves; a pool that makes no workers serves none', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('permanent', { spec: { class: 'Permanent', default: false } }));

  expect(await ask('request_resources', REQUEST)).toMatchObject({
    code: 'invalid',
    error: 'No WorkerPool is the default: name one in pool',
  });
  expect(await ask('request_resources', { ...REQUEST, pool: 'permanent' })).toMatchObject({
    error: 'WorkerPool permanent makes no workers',
  });
});

test('without a key a second live Allocation of the same job and principal is refused, naming the first', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst'));
  const first = await ask('request_resources', REQUEST);

  expect(await ask('request_resources', REQUEST)).toMatchObject({
    code: 'idempotency_conflict',
    allocation_id: first['allocation_id'],
    next_step: expect.stringContaining(`take_over: ${String(first['allocation_id'])}`) as string,
  });
  expect(await ask('request_resources', REQUEST, 'somebody else')).toMatchObject({ isError: false });
  expect(await ask('request_resources', { ...REQUEST, take_over: first['allocation_id'] })).toMatchObject({
    isError: false,
  });
});

test('a repeated key answers with what the first call made, even where the pool is full now', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst', { status: capacity(10, 0) }));
  const request = { ...REQUEST, idempotency_key: 'my-first-job' };
  const first = await ask('request_resources', request);
  cluster.put('pools', pool('burst', { status: capacity(10, 10) }));

  expect(await ask('request_resources', { ...request, when_insufficient: 'queue' })).toMatchObject({
    replayed: true,
    allocation_id: first['allocation_id'],
  });
  expect(await ask('request_resources', { ...request, workers: 3, priority: 'low' })).toMatchObject({
    code: 'idempotency_conflict',
    differing: ['workers', 'priority'],
  });
  expect(await ask('request_resources', request, 'somebody else')).toMatchObject({ isError: false, replayed: false });
});

test('the repetition of what came to nothing says so, and asks for a new key', async () => {
  const { cluster, ask } = asking();
  const request = { ...REQUEST, workers: 0, idempotency_key: 'my-first-job' };
  const { allocation_id } = await ask('request_resources', request);
  const [made] = await cluster.list('allocations');
  if (made === undefined) throw new Error('nothing was made');
  const failed = condition('Finished', 'True', 'QueueTimeout', 'Waited 1h in the queue');
  cluster.put('allocations', { ...made, status: { phase: 'Failed', conditions: [failed] } });

  expect(await ask('request_resources', request)).toMatchObject({
    code: 'capacity_exhausted',
    error: 'Waited 1h in the queue',
    allocation_id,
    status: 'failed',
    reason: 'QueueTimeout',
    replayed: true,
    next_step: expect.stringContaining('use a new key') as string,
  });
});

test('wait_ready follows the object until it is ready, and tells of every change', async () => {
  const { cluster, ask, progress } = asking();
  const answer = ask('request_resources', { ...REQUEST, workers: 0, wait_ready: true });
  const [made] = await expect
    .poll(() => cluster.list('allocations'))
    .toHaveLength(1)
    .then(() => cluster.list('allocations'));
  if (made === undefined) throw new Error('nothing was made');
  const waits = condition('Ready', 'False', 'ServersNotReady', 'Not running yet: github');
  cluster.put('allocations', { ...made, status: { phase: 'Pending', conditions: [waits] } });
  cluster.put('allocations', { ...made, status: ready });

  expect(await answer).toMatchObject({ status: 'active', wait: { outcome: 'ready' } });
  expect(progress).toEqual(['The operator has not looked at it yet', 'ServersNotReady: Not running yet: github']);
});

test('running out of time is no error: the object goes on', async () => {
  const { cluster, ask } = asking();

  const waited = await ask('request_resources', { ...REQUEST, workers: 0, wait_ready: true, timeout: 1 });
  expect(waited).toMatchObject({ isError: false, status: 'pending', wait: { outcome: 'timed_out' } });
  expect(await cluster.list('allocations')).toHaveLength(1);
});

test('an Allocation that is deleted while it is waited for is not found any more', async () => {
  const { cluster, ask } = asking();
  const answer = ask('request_resources', { ...REQUEST, workers: 0, wait_ready: true });
  await expect.poll(() => cluster.list('allocations')).toHaveLength(1);
  const [made] = await cluster.list('allocations');
  cluster.remove('allocations', `default/${made?.metadata.name ?? ''}`);

  expect(await answer).toMatchObject({ isError: true, code: 'not_found' });
});

test('get_allocation shows times, what it holds, and the operator’s words for where it stands', async () => {
  const { cluster, ask } = asking();
  cluster.put(
    'allocations',
    allocation('alloc-1', {
      spec: { jobId: 'job-1', mcpServers: ['github'], metadata: { note: 'line\none' } },
      metadata: { creationTimestamp: '2026-01-01T11:00:00Z' },
      status: {
        ...ready,
        readyAt: '2026-01-01T11:00:30Z',
        expiresAt: '2026-01-01T12:00:30Z',
        reserved: { pool: 'burst', size: 'medium', workers: 1, cpu: '4', memory: '8Gi' },
        workers: [{ name: 'burst-1', phase: 'Ready', cpu: '4', memory: '8Gi', address: '10.0.0.7' }],
        servers: [{ name: 'github', phase: 'Running', endpoints: ['http://10.1.0.1:8080'] }],
      },
    }),
  );

  expect(await ask('get_allocation', { allocation_id: 'alloc-1' })).toEqual({
    isError: false,
    allocation_id: 'alloc-1',
    job_id: 'job-1',
    state: 'active',
    priority: 'normal',
    resources: { cpu_allocated: 4, memory_allocated: 8192, workers: 1 },
    mcp_servers: [{ name: 'github', endpoint: 'http://10.1.0.1:8080', status: 'running' }],
    workers: [{ worker_id: 'burst-1', endpoint: '10.0.0.7', status: 'busy', cpu: 4, memory: 8192 }],
    timestamps: {
      created_at: '2026-01-01T11:00:00Z',
      activated_at: '2026-01-01T11:00:30Z',
      released_at: null,
      age_seconds: 3600,
    },
    ttl_seconds: 3600,
    expires_at: '2026-01-01T12:00:30Z',
    is_expired: false,
    metadata: { note: 'line one' },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Ready',
        message: 'Everything asked for is ready',
        last_update: '2026-01-01T00:00:00Z',
      },
    ],
    placement: null,
    explanation: 'Ready: Everything asked for is ready',
  });
});

test('a bare name means the namespace that receives creates, then the only one that has it, and never one of several', async () => {
  const { cluster, ask } = asking();
  for (const [namespace, name] of [
    ['default', 'a'],
    ['jobs', 'a'],
    ['jobs', 'b'],
    ['jobs', 'c'],
    ['other', 'c'],
  ] as const)
    cluster.put('allocations', allocation(name, { metadata: { namespace } }));
  const found = async (allocation_id: string) => (await ask('get_allocation', { allocation_id }))['allocation_id'];

  expect(await found('a')).toBe('a');
  expect(await found('jobs/a')).toBe('jobs/a');
  expect(await found('b')).toBe('jobs/b');
  expect(await ask('get_allocation', { allocation_id: 'c' })).toMatchObject({
    code: 'invalid',
    candidates: ['jobs/c', 'other/c'],
  });
  expect(await ask('get_allocation', { allocation_id: 'd' })).toMatchObject({
    code: 'not_found',
    error: 'Allocation d not found',
  });
});

test('release deletes, what has ended is already released, and what is unknown may have been collected', async () => {
  const { cluster, ask } = asking();
  const held = {
    reserved: { pool: 'burst', size: 'medium', workers: 2, cpu: '8', memory: '16Gi' },
    readyAt: '2026-01-01T11:59:00Z',
  };
  cluster.put('allocations', allocation('live', { status: { ...ready, ...held } }));
  const finished = {
    phase: 'Released' as const,
    finishedAt: '2026-01-01T11:59:50Z',
    conditions: [condition('Finished', 'True', 'TtlExpired')],
  };
  cluster.put('allocations', allocation('ended', { status: { ...held, ...finished } }));

  expect(await ask('release_resources', { allocation_id: 'live' })).toEqual({
    isError: false,
    status: 'released',
    allocation_id: 'live',
    job_id: 'live',
    workers_released: 2,
    cpu_freed: 8,
    memory_freed: 16_384,
    released_at: '2026-01-01T12:00:00Z',
    duration_seconds: 60,
  });
  expect(await ask('release_resources', { allocation_id: 'ended' })).toMatchObject({
    status: 'already_released',
    released_at: '2026-01-01T11:59:50Z',
    duration_seconds: 50,
  });
  expect(await ask('release_resources', { allocation_id: 'live' })).toMatchObject({
    code: 'not_found',
    next_step: expect.stringContaining('may have been released') as string,
  });
  expect(cluster.writes).toEqual(['delete allocations default/live']);
});

test('what its own end already drains is releasing, not released', async () => {
  const { cluster, ask } = asking();
  cluster.put('allocations', allocation('over', { status: { phase: 'Releasing' } }));

  expect(await ask('release_resources', { allocation_id: 'over' })).toMatchObject({
    status: 'releasing',
    released_at: null,
  });
});

const ids = ({ items }: Record<string, unknown>) =>
  (items as { allocation_id: string }[]).map(({ allocation_id }) => allocation_id);

test('list_allocations shows the newest first, filtered, page by page', async () => {
  const { cluster, ask } = asking();
  for (const [name, hour, phase] of [
    ['old', '08', 'Released'],
    ['mid', '09', 'Active'],
    ['new', '10', 'Active'],
  ] as const)
    cluster.put(
      'allocations',
      allocation(name, { metadata: { creationTimestamp: `2026-01-01T${hour}:00:00Z` }, status: { phase } }),
    );
  cluster.put(
    'allocations',
    allocation('far', {
      metadata: { namespace: 'jobs', creationTimestamp: '2026-01-01T11:00:00Z' },
      status: { phase: 'Active' },
    }),
  );

  const first = await ask('list_allocations', { limit: 3 });
  expect(ids(first)).toEqual(['jobs/far', 'new', 'mid']);
  expect(first).toMatchObject({ as_of: '2026-01-01T12:00:00Z' });
  const second = await ask('list_allocations', { limit: 3, cursor: first['next_cursor'] });
  expect([ids(second), second['next_cursor']]).toEqual([['old'], null]);
  expect(ids(await ask('list_allocations', { state: 'active', namespace: 'default' }))).toEqual(['new', 'mid']);
  expect(ids(await ask('list_allocations', { job_id: 'mid' }))).toEqual(['mid']);
});

test('get_capacity sums what the pools that make workers publish; permanent ones stand by themselves', async () => {
  const { cluster, ask } = asking();
  cluster.put(
    'pools',
    pool('burst', { status: { ...capacity(10, 3), queue: { pending: 2, oldestSince: '2026-01-01T11:00:00Z' } } }),
  );
  cluster.put(
    'pools',
    pool('gpu', {
      spec: { class: 'GPU', default: false },
      status: { ...capacity(5, 1), queue: { pending: 1, oldestSince: '2026-01-01T10:00:00Z' } },
    }),
  );
  cluster.put('pools', pool('base', { spec: { class: 'Permanent', default: false }, status: capacity(3, 0) }));
  cluster.put('servers', server('github', { phase: 'Running' }));
  cluster.put('servers', server('slack', { phase: 'Stopped' }));
  cluster.put('allocations', allocation('a', { status: { phase: 'Active' } }));

  expect(await ask('get_capacity')).toMatchObject({
    total_workers: 15,
    allocated_workers: 4,
    available_workers: 11,
    total_cpu: 60,
    available_memory: 11 * 8192,
    running_mcp_servers: ['github'],
    active_allocations: 1,
    pools: [
      { name: 'base', class: 'permanent', total_workers: 3 },
      { name: 'burst', class: 'burst', available_workers: 7 },
      { name: 'gpu', class: 'gpu', available_workers: 4 },
    ],
    queue: { pending: 3, oldest_since: '2026-01-01T10:00:00Z' },
    observed_at: '2026-01-01T12:00:00Z',
    stale: false,
  });
});

test('a pool without a limit makes the sum unlimited; copies that are cut off say since when', async () => {
  const { cluster, ask } = asking();
  cluster.put('pools', pool('burst', { status: capacity(10, 3) }));
  cluster.put(
    'pools',
    pool('endless', {
      spec: { default: false },
      status: { capacity: { total: {}, reserved: { workers: 1 }, available: {} } },
    }),
  );
  cluster.outageMs = 61_000;

  expect(await ask('get_capacity')).toMatchObject({
    total_workers: null,
    allocated_workers: 4,
    available_workers: null,
    observed_at: '2026-01-01T11:58:59Z',
    stale: true,
  });
});
