import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Args, Caller, type Result } from './system/caller.ts';
import type { Daemon } from './system/daemon.ts';
import { auditName } from './system/identity.ts';
import { HTTP_CLIENTS, type McpClient, STDIO_CLIENTS } from './system/mcp-clients.ts';
import { grantedTo, type Right, usedBy } from './system/rights.ts';
import { beginWithServers, node, type ServerStory, workload } from './system/servers.ts';
import { kwokPool } from './system/story.ts';
import { startFacade } from './system/system.ts';
import { permanentNode } from './system/workloads.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/mcp-facade.mjs');
/** Many callers work on the same cores at once. */
const PATIENCE = { timeout: 120_000, interval: 100 };

let { story, servers } = {} as ServerStory;
let facade: Daemon;
let url: string;
let clients: McpClient[];

/** A facade of its own, as a desktop client starts it. */
const stdio = () => ({
  command: process.execPath,
  args: [BUNDLE, 'stdio', '--profile', 'admin'],
  env: { PATH: process.env['PATH'] ?? '', KUBECONFIG: story.plane.kubeconfigPath },
  stderr: 'ignore' as const,
});

/** Every client over every transport. Each has a pool for its job, and a server, so that all of them call at once. */
const CLIENTS = [
  ...Object.entries(HTTP_CLIENTS).map(([name, connect]) => ({ name: `${name}, HTTP`, connect: () => connect(url) })),
  ...Object.entries(STDIO_CLIENTS).map(([name, connect]) => ({
    name: `${name}, stdio`,
    connect: () => connect(stdio()),
  })),
].map((client, n) => ({ ...client, n, pool: `pool-${n}`, server: `server-${n}` }));

/** A Node that nobody made, and the pool that counts it. */
const PERMANENT = `${permanentNode('rack-a-1', 'rack: a')}---
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: permanent}
spec: {class: Permanent, nodeSelector: {rack: a}}
`;

beforeAll(async () => {
  ({ story, servers } = await beginWithServers({ auditPolicy: 'everything' }));
  const pools = ['own', 'spare', ...CLIENTS.map(({ pool }) => pool)];
  const owned = [
    ...pools.map((pool) => kwokPool(pool).replace('default: true', 'default: false')),
    ...CLIENTS.map(({ server }) => workload(server, { replicas: 0 })),
  ];
  const stuck = workload('stuck', { pod: 'nodeSelector: {nowhere: "true"}' });
  await story.apply([...owned, PERMANENT, node('node-1'), stuck].join('---'));
  for (const pool of pools) await story.pools.until(pool, ({ status }) => status?.capacity !== undefined);
  for (const { server } of CLIENTS)
    await servers.until(`default/${server}`, ({ status }) => status?.phase === 'Stopped');
  await servers.until('default/stuck', ({ status }) => status?.desired === 1);
  await story.pools.until('permanent', ({ status }) => status?.nodes?.length === 1);
  ({ facade, url } = await startFacade(story.plane, { folder: story.folder }));
  clients = await Promise.all(CLIENTS.map(({ connect }) => connect()));
  await Promise.all(clients.map((client) => client.tools()));
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await facade.end();
  await story.end();
});

/** What every refusal says of the way on. */
const next = (said: string) => ({ isError: true, next_step: expect.stringContaining(said) as unknown });

describe.concurrent.for(CLIENTS)('$name', ({ n, pool, server }) => {
  const client = (): McpClient => clients[n] as McpClient;
  const call = async (name: string, args?: Args): Promise<Result> => await new Caller(client()).call(name, args);
  const agreed = async (name: string, args: Args): Promise<Result> => await new Caller(client()).agreed(name, args);

  test('sixteen tools are listed', async () => {
    expect(await client().tools()).toHaveLength(16);
  });

  const capacity = async (): Promise<unknown> =>
    ((await call('get_capacity'))['pools'] as { name: string }[]).find(({ name }) => name === pool);

  test('a job borrows two workers, and gives them back', async () => {
    expect(await capacity()).toMatchObject({ total_workers: 20, allocated_workers: 0, available_workers: 20 });

    const job_id = `job-${n}`;
    const request = { job_id, workers: 2, size: 'small', pool, wait_ready: true, timeout: 120 };
    const requested = await call('request_resources', request);
    expect(requested).toMatchObject({
      status: 'active',
      job_id,
      resources: { cpu: 4, memory: 8192, workers: 2 },
      ttl_seconds: 3600,
      placement: { nodeSelector: { 'cortex.automation/job': `default.${job_id}` } },
      wait: { outcome: 'ready' },
      replayed: false,
      isError: false,
    });
    const allocation_id = String(requested['allocation_id']);
    expect(allocation_id).toMatch(/^alloc-[0-9a-f]{12}$/);
    expect(await call('get_allocation', { allocation_id })).toMatchObject({ state: 'active', is_expired: false });
    expect(await call('list_allocations', { job_id })).toMatchObject({ items: [{ allocation_id, state: 'active' }] });
    await vi.waitFor(async () => expect(await capacity()).toMatchObject({ allocated_workers: 2 }), PATIENCE);

    expect(await call('release_resources', { allocation_id })).toMatchObject({
      status: 'released',
      workers_released: 2,
      cpu_freed: 4,
    });
    await vi.waitFor(
      async () => expect(await capacity()).toMatchObject({ allocated_workers: 0, available_workers: 20 }),
      PATIENCE,
    );
    expect(await call('get_allocation', { allocation_id })).toMatchObject({
      isError: true,
      code: 'not_found',
      error: `Allocation ${allocation_id} not found`,
    });
  });

  test('a server is started, scaled and stopped, and stays up for a job unless it is forced down', async () => {
    const [name, timeout] = [server, 120];
    expect(await call('list_mcp_servers', { namespace: 'default' })).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name, status: 'stopped' })]) as unknown,
    });
    expect(await call('start_mcp', { name, timeout })).toMatchObject({
      status: 'running',
      ready_replicas: 1,
      wait: { outcome: 'ready' },
    });
    const scaled = await call('scale_mcp', { name, replicas: 3, wait_ready: true, timeout });
    expect(scaled).toMatchObject({ replicas: 3, ready_replicas: 3, wait: { outcome: 'ready' } });
    expect(await call('scale_mcp', { name, replicas: 3 })).toMatchObject({ replicas: 3, ready_replicas: 3 });
    const stopped = { status: 'stopped', replicas: 0, wait: { outcome: 'ready' }, next_step: null };
    expect(await call('stop_mcp', { name, timeout })).toMatchObject(stopped);

    const request = { job_id: `needs-${server}`, mcp_servers: [name], wait_ready: true, timeout };
    const { allocation_id, ...requested } = await call('request_resources', request);
    expect(requested).toMatchObject({ status: 'active', mcp_servers: [{ name, status: 'running' }] });
    expect(await call('stop_mcp', { name, timeout })).toMatchObject({
      isError: false,
      status: 'running',
      because: [{ kind: 'Allocation', name: allocation_id, wants: 1 }],
      wait: { outcome: 'conflict' },
      next_step: `It stays up for Allocation ${String(allocation_id)}: release it, or use force.`,
    });

    const force = { name, force: true, timeout };
    const asked = await call('stop_mcp', force);
    expect(asked).toMatchObject({ isError: true, code: 'confirmation_required', plan: { replicas: 1 } });
    const { confirm_token } = asked;
    expect(await call('stop_mcp', { ...force, confirm_token })).toMatchObject({ isError: false, status: 'stopped' });
    expect(await call('get_mcp_status', { name })).toMatchObject({ replicas: 0, available_replicas: 0 });
    expect(await call('release_resources', { allocation_id })).toMatchObject({ status: 'released' });
  });

  test('a worker of one’s own is made, drained, and only then destroyed', async () => {
    const made = await call('provision_workers', { count: 1, ttl: 2, size: 'small', pool: 'own' });
    expect(made).toMatchObject({ isError: false, count: 1, size: 'small', ttl_hours: 2, partial: false, failed: [] });
    const [{ name: worker_id }] = made['provisioned_workers'] as [{ name: string }];
    const details = async (): Promise<Result> => await call('get_worker_details', { worker_id });
    await vi.waitFor(
      async () => expect(await details()).toMatchObject({ status: 'ready', node: worker_id, drained: false }),
      PATIENCE,
    );
    expect(await call('list_workers', { type_filter: 'burst' })).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: worker_id, status: 'ready' })]) as unknown,
    });
    expect(await call('get_worker_capacity', { worker_id })).toMatchObject({
      totals: { allocatable: { cpu: 2, memory: 4096 } },
    });

    expect(await call('destroy_worker', { worker_id })).toMatchObject({
      isError: true,
      code: 'invalid',
      error: `Worker ${worker_id} is not drained. Run drain_worker first or use force=True (not recommended)`,
    });
    expect(await agreed('drain_worker', { worker_id })).toMatchObject({
      isError: false,
      message: expect.stringContaining(`kubectl delete nodedrain drain-${worker_id}`) as unknown,
    });
    await vi.waitFor(async () => expect(await details()).toMatchObject({ drained: true }), PATIENCE);
    const destroy = { worker_id, timeout: 120 };
    const asked = await call('destroy_worker', destroy);
    expect(asked).toMatchObject({ code: 'confirmation_required', plan: { drained: true, claimed_by: null } });
    const { confirm_token } = asked;
    expect(await call('destroy_worker', { ...destroy, confirm_token })).toMatchObject({
      isError: false,
      status: 'destroyed',
      removed_from_cluster: true,
      vm_deleted: true,
    });
  });

  test('what cannot be is refused with a code, the reason and the next step, and nothing is made', async () => {
    expect(await call('request_resources', { job_id: `beyond-${n}`, workers: 30, pool: 'spare' })).toMatchObject({
      ...next('when_insufficient: queue'),
      code: 'capacity_exhausted',
      error: 'Insufficient workers: requested 30, available 20',
      status: 'failed',
    });
    expect(await call('request_resources', { job_id: 'x', worker: 3 })).toMatchObject({
      ...next('nothing was written'),
      code: 'invalid',
      error: 'Unknown argument worker: did you mean workers?',
    });
    expect(await call('scale_mcp', { name: server, replicas: 11 })).toMatchObject({
      code: 'invalid',
      error: 'Replicas must be between 0 and 10, got: 11',
    });
    expect(await call('start_mcp', { name: 'stuk' })).toMatchObject({
      ...next('list_mcp_servers'),
      code: 'not_found',
      error: "MCP server 'stuk' not found in namespace 'default'",
      near: ['stuck'],
    });
    expect(await call('drain_worker', { worker_id: 'rack-a-9' })).toMatchObject({
      ...next('list_workers'),
      code: 'not_found',
      error: 'Worker rack-a-9 not found',
      near: ['rack-a-1'],
    });
    expect(await call('destroy_worker', { worker_id: 'rack-a-1', force: true })).toMatchObject({
      ...next('burst worker'),
      code: 'forbidden',
      error: 'SAFETY VIOLATION: Cannot destroy permanent worker rack-a-1. Only burst workers can be destroyed.',
    });
    await expect(client().call('apply_manifest', {})).rejects.toThrow('Unknown tool: apply_manifest');
  });

  test('a repeated key is one Allocation; the same key for another request is a conflict', async () => {
    const request = { job_id: `repeater-${n}`, workers: 0, idempotency_key: `first-request-${n}` };
    const [first, second] = [await call('request_resources', request), await call('request_resources', request)];
    expect(second).toMatchObject({ allocation_id: first['allocation_id'], replayed: true });

    expect(await call('request_resources', { ...request, priority: 'high' })).toMatchObject({
      isError: true,
      code: 'idempotency_conflict',
      differing: ['priority'],
    });
    await call('release_resources', { allocation_id: first['allocation_id'] });
  });
});

/** Used where these stories do not get to, and for what. */
const LATER: Readonly<Record<string, string>> = {
  'get cortex.automation/nodedrains': 'another process has begun the same drain a moment ago',
};

/** A kind is watched; where the API server streams no lists, the same copy is listed. */
const isCopied = (granted: Right, used: ReadonlySet<Right>): boolean =>
  granted.startsWith('list ') && used.has(granted.replace('list ', 'watch '));

test('the facade uses every right it has, and no other', async () => {
  const entries = await story.plane.audit();
  const used = usedBy('cortex-facade', entries);
  const granted = grantedTo('cortex-facade');

  expect(granted.filter((right) => !used.has(right) && !isCopied(right, used)).toSorted()).toEqual(Object.keys(LATER));
  const refused = entries.filter(({ user, code }) => user === auditName('cortex-facade') && code === 403);
  expect(refused.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual([]);
});

test.concurrent.for(CLIENTS)('$name: of more than 64 calls at once some are told to wait', async ({ connect }) => {
  const client = await connect();
  const calls = Array.from({ length: 65 }, () => client.call('start_mcp', { name: 'stuck', timeout: 120 }));

  const { isError, structured } = await Promise.any(calls);
  await client.close();
  await Promise.allSettled(calls);
  expect(isError).toBe(true);
  expect(structured).toMatchObject({ code: 'rate_limited', retryable: true, retry_after_seconds: 1 });
});

test('once the API server is gone every client is told so, and what to do', async () => {
  await story.operator.end();
  await story.plane.stop();

  const answers = await Promise.all(clients.map((client) => client.call('get_mcp_status', { name: 'stuck' })));
  for (const { isError, structured } of answers) {
    expect(isError).toBe(true);
    expect(structured).toMatchObject({
      code: 'unavailable',
      error: 'The API server cannot be reached',
      retryable: true,
      next_step: 'Wait, then repeat the call; a read shows whether a write went through.',
    });
  }
});
