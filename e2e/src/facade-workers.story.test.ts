import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Args, Caller, type Result } from './system/caller.ts';
import type { Daemon } from './system/daemon.ts';
import { HTTP_CLIENTS, type McpClient } from './system/mcp-clients.ts';
import { beginWithServers, node, workload } from './system/servers.ts';
import { kwokPool, type Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

/** Machines come and go while other stories run on the same cores. */
const PATIENCE_MS = 120_000;
const PATIENCE = { timeout: PATIENCE_MS, interval: 100 };

let story: Story;
let facade: Daemon;
let client: McpClient;
let caller: Caller;

const SERVERS = ['filesystem', 'github', 'search'];

beforeAll(async () => {
  const world = await beginWithServers();
  ({ story } = world);
  const servers = SERVERS.map((name) => workload(name, { replicas: 0 }));
  await story.apply([kwokPool('burst').replace('workers: 20', 'workers: 5'), node('node-1'), ...servers].join('---'));
  await story.pools.until('burst', ({ status }) => status?.capacity !== undefined);
  for (const name of SERVERS) await world.servers.until(`default/${name}`, ({ status }) => status?.phase === 'Stopped');
  const started = await startFacade(story.plane, { folder: story.folder });
  facade = started.facade;
  client = await (HTTP_CLIENTS['sdk 1.32.2, 2025-11-25'] as (at: string) => Promise<McpClient>)(started.url);
  caller = new Caller(client);
  await client.tools();
});

afterAll(async () => {
  await client.close();
  await facade.end();
  await story.end();
});

const call = async (name: string, args?: Args): Promise<Result> => await caller.call(name, args);

/** Everything that get_capacity says but when it was said. */
async function capacity(): Promise<Result> {
  const { observed_at, ...rest } = await call('get_capacity');
  expect(observed_at).toMatch(/Z$/);
  return rest;
}

test('a job asks for capacity, three servers and four workers, drains and destroys one, releases, and all is as before', async () => {
  const before = await capacity();
  expect(before).toMatchObject({ total_workers: 5, available_workers: 5, running_mcp_servers: [] });

  const requested = await call('request_resources', {
    job_id: 'feature-dev-001',
    mcp_servers: SERVERS,
    workers: 4,
    priority: 'high',
    metadata: { task_type: 'feature_implementation' },
    wait_ready: true,
    timeout: 120,
  });
  expect(requested).toMatchObject({ isError: false, status: 'active', resources: { workers: 4 }, placement: {} });
  const { allocation_id } = requested;
  const given = requested['workers_allocated'] as { worker_id: string }[];
  expect(given).toHaveLength(4);

  expect(await call('get_allocation', { allocation_id })).toMatchObject({
    state: 'active',
    priority: 'high',
    mcp_servers: SERVERS.map((name) => ({ name, status: 'running' })),
    workers: given.map(({ worker_id }) => ({ worker_id, status: 'busy' })),
    metadata: { task_type: 'feature_implementation' },
  });
  expect(await call('list_allocations', { state: 'active' })).toMatchObject({
    items: [{ allocation_id, job_id: 'feature-dev-001', priority: 'high', workers: 4 }],
  });
  await expect.poll(capacity, PATIENCE).toMatchObject({
    allocated_workers: 4,
    active_allocations: 1,
    running_mcp_servers: SERVERS,
  });

  const worker_id = given[0]?.worker_id;
  expect(await caller.agreed('drain_worker', { worker_id })).toMatchObject({ isError: false });
  const details = async (): Promise<Result> => await call('get_worker_details', { worker_id });
  await expect.poll(details, PATIENCE).toMatchObject({ drained: true });
  expect(await caller.agreed('destroy_worker', { worker_id, timeout: 120 })).toMatchObject({
    status: 'destroyed',
    vm_deleted: true,
  });

  expect(await call('release_resources', { allocation_id })).toMatchObject({ status: 'released', workers_released: 4 });
  await expect.poll(capacity, PATIENCE).toEqual(before);
  expect(await call('list_allocations')).toMatchObject({ items: [] });
});

test('workers of one’s own are made once for a key, seen, and destroyed only by force while they are not drained', async () => {
  const before = await call('get_capacity');
  const request = { count: 2, ttl: 2, size: 'small', idempotency_key: 'two-workers' };
  const made = await call('provision_workers', request);
  expect(made).toMatchObject({ isError: false, count: 2, partial: false, failed: [] });
  const names = (made['provisioned_workers'] as { name: string }[]).map(({ name }) => name);
  expect(await call('provision_workers', request)).toMatchObject({ replayed: true, count: 2 });
  expect(story.workers.store.size).toBe(2);

  await expect
    .poll(async () => await call('list_workers', { type_filter: 'burst' }), PATIENCE)
    .toMatchObject({
      count: 2,
      items: [
        { status: 'ready', type: 'burst' },
        { status: 'ready', type: 'burst' },
      ],
    });
  const [first = '', second = ''] = names;
  expect(await call('get_worker_details', { worker_id: first })).toMatchObject({
    node: first,
    drained: false,
    ttl_expires: expect.stringMatching(/Z$/) as string,
  });
  expect(await call('get_worker_capacity', { worker_id: first })).toMatchObject({
    totals: { allocatable: { cpu: 2, memory: 4096 } },
  });

  expect(await call('destroy_worker', { worker_id: first })).toMatchObject({
    isError: true,
    error: `Worker ${first} is not drained. Run drain_worker first or use force=True (not recommended)`,
  });
  for (const name of [first, second]) {
    const force = { worker_id: name, force: true, timeout: 60 };
    const asked = await call('destroy_worker', force);
    expect(asked).toMatchObject({ code: 'confirmation_required', plan: { phase: 'Ready', drained: false } });
    const { confirm_token } = asked;
    expect(await call('destroy_worker', { ...force, confirm_token })).toMatchObject({
      isError: false,
      status: 'destroyed',
      vm_deleted: true,
    });
  }
  await story.pools.until('burst', ({ status }) => status?.capacity?.reserved?.workers === 0, PATIENCE_MS);
  expect(await call('get_capacity')).toMatchObject({ available_workers: before['available_workers'] });
});

test('what the pool has no room for is refused in its words, and nothing is left', async () => {
  expect(await call('provision_workers', { count: 6, ttl: 1 })).toMatchObject({
    isError: true,
    code: 'capacity_exhausted',
    error: 'Insufficient workers: requested 6, available 5',
  });
  expect(story.workers.store.size).toBe(0);
});
