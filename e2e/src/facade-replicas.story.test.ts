import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Daemon } from './system/daemon.ts';
import { HTTP_CLIENTS, type McpClient, type ToolResult } from './system/mcp-clients.ts';
import { kwokPool, Story } from './system/story.ts';
import { type FacadeAddress, startFacade } from './system/system.ts';

let story: Story;
const facades: FacadeAddress[] = [];

const start = async (): Promise<FacadeAddress> => {
  const started = await startFacade(story.plane, { folder: story.folder });
  facades.push(started);
  return started;
};

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst'));
  await story.pools.until('burst', ({ status }) => status?.capacity !== undefined);
});

afterAll(async () => {
  await Promise.all(facades.map(async ({ facade }) => await facade.end()));
  await story.end();
});

const bare = HTTP_CLIENTS['a bare POST'] as (url: string) => Promise<McpClient>;

/** A client does so: asks again, perhaps somebody else, until somebody answers with more than that it should ask again. */
async function persistently(
  urls: () => readonly string[],
  index: number,
  name: string,
  args: Record<string, unknown>,
): Promise<ToolResult> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const all = urls();
    const client = await bare(all[(index + attempt) % all.length] ?? '');
    const result = await client.call(name, args).catch(() => undefined);
    if (result !== undefined && result.structured['retryable'] !== true) return result;
  }
  throw new Error(`${name} was never answered`);
}

test('a hundred calls with one key over three processes, killed in between, are one Allocation', async () => {
  const running = await Promise.all([start(), start(), start()]);
  const urls = () => running.map(({ url }) => url);
  const request = { job_id: 'once', workers: 1, size: 'small', idempotency_key: 'one-and-only' };
  const replaced = async (index: number): Promise<void> => {
    await (running[index] as { facade: Daemon }).facade.end('SIGKILL');
    running[index] = await start();
  };

  const calls = Array.from({ length: 100 }, (_, index) => persistently(urls, index, 'request_resources', request));
  await Promise.all([replaced(0), replaced(1)]);
  await replaced(2);
  const results = await Promise.all(calls);

  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(new Set(results.map(({ structured }) => structured['allocation_id'])).size).toBe(1);
  expect(results.filter(({ structured }) => structured['replayed'] === false).length).toBeLessThanOrEqual(1);
  expect(story.allocations.store.size).toBe(1);
  const made = (await story.plane.audit()).filter(
    ({ verb, resource, code }) => verb === 'create' && resource === 'allocations' && code === 201,
  );
  expect(made).toHaveLength(1);
});

test('a token that one process handed out is honoured by another, and by none once a fact of the plan has changed', async () => {
  const [one, other] = [await bare((await start()).url), await bare((await start()).url)];
  await story.apply(
    'apiVersion: cortex.automation/v1alpha1\nkind: Allocation\nmetadata: {name: applied, namespace: default}\nspec: {workers: {count: 1, size: small}}',
  );
  const release = { allocation_id: 'applied' };
  const early = await one.call('release_resources', release);
  await story.allocations.until('default/applied', ({ status }) => status?.phase === 'Active');

  const stale = await other.call('release_resources', { ...release, confirm_token: early.structured['confirm_token'] });
  expect(stale).toMatchObject({
    isError: true,
    structured: { code: 'confirmation_required', plan: { state: 'active', workers: 1 } },
  });
  expect(story.allocations.get('default/applied')).toBeDefined();

  const { confirm_token } = (await one.call('release_resources', release)).structured;
  expect(await other.call('release_resources', { ...release, confirm_token })).toMatchObject({
    isError: false,
    structured: { status: 'released' },
  });
});

test('metrics tell calls by tool and code, and nothing of it is where clients come', async () => {
  const { url, health } = await start();
  const client = await bare(url);
  await client.call('get_capacity');
  await client.call('get_allocation', { allocation_id: 'nobody' });

  const metrics = await (await fetch(`${health}/metrics`)).text();
  expect(metrics).toContain('cortex_facade_calls_total{tool="get_capacity",code="ok"} 1');
  expect(metrics).toContain('cortex_facade_calls_total{tool="get_allocation",code="not_found"} 1');
  expect(metrics).toMatch(/cortex_facade_watch_outage_seconds 0\n/);
  expect((await fetch(new URL('/metrics', url))).status).toBe(404);
});
