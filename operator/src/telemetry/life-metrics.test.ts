import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const allocation = (status: object): Allocation =>
  ({ metadata: { name: 'job', creationTimestamp: '2026-01-01T10:00:00Z' }, spec: {}, status }) as unknown as Allocation;

const pool = {
  metadata: { name: 'burst' },
  spec: {},
  status: {
    workers: { total: 3, ready: 2 },
    capacity: { total: { workers: 20, cpu: '1500m' }, reserved: { workers: 3, memory: '12Gi' } },
    queue: { pending: 4, oldestSince: '2026-01-01T10:00:00Z' },
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'BreakerOpen', status: 'Unknown' },
    ],
  },
} as unknown as WorkerPool;

test('lives are measured under the names of the field', async () => {
  const metrics = createMetrics();
  metrics.allocation(allocation({ readyAt: '2026-01-01T10:00:03Z', reserved: { pool: 'burst' } }), allocation({}));
  metrics.allocation(
    allocation({ conditions: [{ type: 'Finished', status: 'True', reason: 'TtlExpired' }] }),
    allocation({}),
  );
  const drained = { type: 'Drained', status: 'True', lastTransitionTime: '2026-01-01T10:00:00Z' };
  const gone = { metadata: {}, spec: { pool: 'burst' }, status: { conditions: [drained] } } as unknown as BurstWorker;
  metrics.worker(undefined, gone, new Date('2026-01-01T10:00:01.500Z'));
  metrics.counts(() => [allocation({ phase: 'Active' }), allocation({ phase: 'Active' }), allocation({})]);
  const text = await metrics.registry.metrics();

  for (const line of [
    'cortex_allocation_ready_seconds_sum{pool="burst"} 3',
    'cortex_allocation_ready_seconds_bucket{le="2",pool="burst"} 0',
    'cortex_allocations_finished_total{reason="TtlExpired"} 1',
    'cortex_worker_destroy_seconds_sum{pool="burst"} 1.5',
    'cortex_allocations{phase="Active"} 2',
    'cortex_allocations{phase="Pending"} 1',
  ])
    expect(text).toContain(line);
});

test('a pool is what it publishes, in workers, cores and bytes', async () => {
  const metrics = createMetrics();
  metrics.pools(
    () => [pool],
    () => new Date('2026-01-01T10:01:00Z'),
  );
  const text = await metrics.registry.metrics();

  for (const line of [
    'cortex_pool_workers{pool="burst",state="ready"} 2',
    'cortex_pool_capacity{pool="burst",resource="workers",state="total"} 20',
    'cortex_pool_capacity{pool="burst",resource="cpu",state="total"} 1.5',
    'cortex_pool_capacity{pool="burst",resource="memory",state="reserved"} 12884901888',
    'cortex_pool_condition{pool="burst",type="Ready"} 1',
    'cortex_pool_condition{pool="burst",type="BreakerOpen"} 0',
    'cortex_queue_pending{pool="burst"} 4',
    'cortex_queue_oldest_seconds{pool="burst"} 60',
  ])
    expect(text).toContain(line);
});

test('what has gone is no longer told', async () => {
  const metrics = createMetrics();
  let pools = [pool];
  metrics.pools(
    () => pools,
    () => new Date(),
  );
  await metrics.registry.metrics();
  pools = [];

  expect(await metrics.registry.metrics()).not.toContain('pool="burst"');
});

test('evictions are counted by their answer, other calls are not', async () => {
  const metrics = createMetrics();
  metrics.called({ method: 'POST', resource: 'pods/eviction', code: 429, ms: 1 });
  metrics.called({ method: 'POST', resource: 'pods', code: 201, ms: 1 });

  expect(await metrics.registry.metrics()).toMatch(/^cortex_eviction_requests_total\{code="429"\} 1$/m);
  expect(await metrics.registry.metrics()).toContain('cortex_eviction_requests_total{code="201"} 0');
});

test('D2: workers whose identity is in doubt are counted by pool, and none is a number too', async () => {
  const metrics = createMetrics();
  const doubted = { status: { conditions: [{ type: 'IdentityConflict', status: 'True' }] } } as unknown as BurstWorker;
  const clear = { status: { conditions: [{ type: 'IdentityConflict', status: 'False' }] } } as unknown as BurstWorker;
  metrics.conflicts(
    () => [pool, { ...pool, metadata: { ...pool.metadata, name: 'gpu' } }],
    (name) => (name === 'burst' ? [doubted, clear] : []),
  );
  const text = await metrics.registry.metrics();

  expect(text).toContain('cortex_identity_conflicts{pool="burst"} 1');
  expect(text).toContain('cortex_identity_conflicts{pool="gpu"} 0');
});

test('S6: leaks are counted by pool and provider', async () => {
  const metrics = createMetrics();
  metrics.leaks(() => [{ pool: 'burst', provider: 'Proxmox', leaks: 2 }]);

  expect(await metrics.registry.metrics()).toContain('cortex_leaks{pool="burst",provider="Proxmox"} 2');
});
