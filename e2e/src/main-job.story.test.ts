import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allocation, kwokPool, Story } from './system/story.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin();
  await story.apply(kwokPool('burst'));
});
afterAll(() => story.end());

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const gone = (objects: readonly unknown[]): true | undefined => (objects.length === 0 ? true : undefined);

test('an Allocation becomes Ready on workers of its own, is extended, expires, and leaves nothing', async () => {
  await story.apply(allocation('job', 'workers: {count: 2, size: small}\nttl: 60s'));

  const ready = await story.allocations.until('default/job', isReady);
  expect(ready.status).toMatchObject({ phase: 'Active', workersReady: '2/2', reserved: { pool: 'burst', workers: 2 } });
  const nodes = story.nodes.store.list();
  expect(nodes.map(({ metadata }) => metadata.labels?.['cortex.automation/job'])).toEqual([
    'default.job',
    'default.job',
  ]);

  await story.kubectl('patch', 'alloc', 'job', '--type=merge', '-p', '{"spec":{"ttl":"62s"}}');
  const extended = await story.allocations.until(
    'default/job',
    ({ status }) => status?.expiresAt !== ready.status?.expiresAt,
  );
  expect(Date.parse(extended.status?.expiresAt ?? '') - Date.parse(ready.status?.expiresAt ?? '')).toBe(2_000);

  await story.allocations.until('default/job', ({ status }) => status?.phase === 'Releasing', 90_000);
  const finished = await story.allocations.until('default/job', ({ status }) => status?.phase === 'Released');
  expect(finished.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Finished', status: 'True', reason: 'TtlExpired' }),
  );
  expect(story.workers.store.list()).toEqual([]);
  expect(story.nodes.store.list()).toEqual([]);
  const { items: leases } = JSON.parse(await story.kubectl('get', 'leases', '-n', 'cortex-system', '-o', 'json')) as {
    items: { metadata: { name: string } }[];
  };
  expect(leases.map(({ metadata }) => metadata.name)).toEqual(['cortex-operator']);
});

test('C8: an Allocation deleted by its user gives its workers back', async () => {
  await story.apply(allocation('short', 'workers: {count: 1}'));
  await story.allocations.until('default/short', isReady);

  await story.kubectl('delete', 'alloc', 'short', '--wait=false');
  await story.allocations.untilGone('default/short');
  await expect(story.workers.eventually(gone, 'the worker to go')).resolves.toBe(true);
  await expect(story.nodes.eventually(gone, 'the Node to go')).resolves.toBe(true);
});

test('C5: of two Allocations that do not fit together the second waits, and says for what', async () => {
  await story.apply(allocation('first', 'workers: {count: 12}'));
  await story.allocations.until('default/first', isReady);
  await story.apply(allocation('second', 'workers: {count: 12}'));

  const waits = await story.allocations.until('default/second', ({ status }) => status?.phase === 'Pending');
  expect(waits.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Ready',
      status: 'False',
      reason: 'InsufficientWorkers',
      message: 'Insufficient workers: requested 12, available 8',
    }),
  );

  await story.kubectl('delete', 'alloc', 'first', '--wait=false');
  await story.allocations.until('default/second', isReady);
  await story.kubectl('delete', 'alloc', 'second', '--wait=false');
});
