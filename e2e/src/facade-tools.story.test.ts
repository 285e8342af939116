import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Daemon } from './system/daemon.ts';
import { auditName } from './system/identity.ts';
import { HTTP_CLIENTS, type McpClient } from './system/mcp-clients.ts';
import { kwokPool, Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

let story: Story;
let facade: Daemon;
let url: string;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst'));
  await story.pools.until('burst', ({ status }) => status?.capacity !== undefined);
  ({ facade, url } = await startFacade(story.plane, { folder: story.folder }));
});

afterAll(async () => {
  await facade.end();
  await story.end();
});

describe.for(Object.entries(HTTP_CLIENTS))('%s', ([, connect]) => {
  let client: McpClient;
  beforeAll(async () => {
    client = await connect(url);
    await client.tools();
  });
  afterAll(() => client.close());

  /** Whatever comes back is structured, and its text is the same. */
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
    const { structured, text, isError } = await client.call(name, args);
    expect(JSON.parse(text)).toEqual(structured);
    return { ...structured, isError };
  };

  test('capacity, request, get, release: a job borrows two workers and gives them back', async () => {
    const before = await call('get_capacity');
    expect(before).toMatchObject({ total_workers: 20, allocated_workers: 0, active_allocations: 0, stale: false });

    const request = { job_id: 'borrower', workers: 2, size: 'small', wait_ready: true, timeout: 60 };
    const requested = await call('request_resources', request);
    expect(requested).toMatchObject({
      status: 'active',
      job_id: 'borrower',
      resources: { cpu: 4, memory: 8192, workers: 2 },
      ttl_seconds: 3600,
      placement: { nodeSelector: { 'cortex.automation/job': 'default.borrower' } },
      wait: { outcome: 'ready' },
      replayed: false,
      isError: false,
    });
    const allocation_id = String(requested['allocation_id']);
    expect(allocation_id).toMatch(/^alloc-[0-9a-f]{12}$/);

    expect(await call('get_allocation', { allocation_id })).toMatchObject({ state: 'active', is_expired: false });
    await story.pools.until('burst', ({ status }) => status?.capacity?.reserved?.workers === 2);
    expect(await call('get_capacity')).toMatchObject({ allocated_workers: 2, active_allocations: 1 });

    expect(await call('release_resources', { allocation_id })).toMatchObject({
      status: 'released',
      workers_released: 2,
      cpu_freed: 4,
    });
    await story.pools.until('burst', ({ status }) => status?.capacity?.reserved?.workers === 0);
    expect(await call('get_allocation', { allocation_id })).toMatchObject({
      isError: true,
      code: 'not_found',
      error: `Allocation ${allocation_id} not found`,
    });
  });

  test('a request beyond the pool fails at once, in the words of the operator, and says what to do', async () => {
    expect(await call('request_resources', { job_id: 'beyond', workers: 30 })).toMatchObject({
      isError: true,
      code: 'capacity_exhausted',
      error: 'Insufficient workers: requested 30, available 20',
      status: 'failed',
      next_step: expect.stringContaining('when_insufficient: queue') as string,
    });
  });

  test('a repeated key is one Allocation; the same key for another request is a conflict', async () => {
    const request = { job_id: 'repeater', workers: 0, idempotency_key: 'first-request' };
    const [first, second] = [await call('request_resources', request), await call('request_resources', request)];
    expect(second).toMatchObject({ allocation_id: first['allocation_id'], replayed: true });

    expect(await call('request_resources', { ...request, priority: 'high' })).toMatchObject({
      isError: true,
      code: 'idempotency_conflict',
      differing: ['priority'],
    });
    await call('release_resources', { allocation_id: first['allocation_id'] });
  });

  test('a bad argument is a structured error too', async () => {
    expect(await call('request_resources', { job_id: 'x', worker: 3 })).toMatchObject({
      isError: true,
      code: 'invalid',
      error: 'Unknown argument worker: did you mean workers?',
    });
  });

  test('an unknown tool is an error of the protocol', async () => {
    await expect(client.call('apply_manifest', {})).rejects.toThrow('Unknown tool: apply_manifest');
  });
});

test('the facade asks who it is, and besides creates and deletes only, under its own name', async () => {
  const writes = (await story.plane.audit()).filter(({ user }) => user === auditName('cortex-facade'));

  expect(new Set(writes.map(({ verb, resource }) => `${verb} ${resource}`))).toEqual(
    new Set([
      'create selfsubjectreviews',
      'create selfsubjectrulesreviews',
      'create allocations',
      'delete allocations',
    ]),
  );
});
