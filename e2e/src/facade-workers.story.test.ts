import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Daemon } from './system/daemon.ts';
import { HTTP_CLIENTS, type McpClient } from './system/mcp-clients.ts';
import { kwokPool, Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

/** Machines come and go while other stories run on the same cores. */
const PATIENCE_MS = 120_000;

let story: Story;
let facade: Daemon;
let client: McpClient;

beforeAll(async () => {
  story = await Story.begin();
  await story.apply(kwokPool('burst', '  limits: {workers: 3}'));
  await story.pools.until('burst', ({ status }) => status?.capacity !== undefined);
  const started = await startFacade(story.plane, { folder: story.folder });
  facade = started.facade;
  client = await (HTTP_CLIENTS['client 2.4.0, 2026-07-28'] as (url: string) => Promise<McpClient>)(started.url);
  await client.tools();
});

afterAll(async () => {
  await client.close();
  await facade.end();
  await story.end();
});

const call = async (name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
  const { structured, isError } = await client.call(name, args);
  return { ...structured, isError };
};

test('workers of one’s own are made once for a key, seen, and destroyed only by force while they are not drained', async () => {
  const before = await call('get_capacity');
  const request = { count: 2, ttl: 2, size: 'small', idempotency_key: 'two-workers' };
  const made = await call('provision_workers', request);
  expect(made).toMatchObject({ isError: false, count: 2, partial: false, failed: [] });
  const names = (made['provisioned_workers'] as { name: string }[]).map(({ name }) => name);
  expect(await call('provision_workers', request)).toMatchObject({ replayed: true, count: 2 });
  expect(story.workers.store.size).toBe(2);

  for (const name of names) await story.workers.until(name, ({ status }) => status?.phase === 'Ready', PATIENCE_MS);
  expect(await call('list_workers', { type_filter: 'burst' })).toMatchObject({
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
  expect(await call('provision_workers', { count: 4, ttl: 1 })).toMatchObject({
    isError: true,
    code: 'capacity_exhausted',
    error: 'Insufficient workers: requested 4, available 3',
  });
  expect(story.workers.store.size).toBe(0);
});
