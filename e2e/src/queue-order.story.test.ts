import type { Allocation } from '@cortex/crds';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { auditName } from './system/identity.ts';
import { isReady, said } from './system/said.ts';
import { allocation, kwokPool, Story } from './system/story.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(
    kwokPool('burst', '  preemption: {policy: LowerPriority, minRuntime: 1s}').replace('workers: 20', 'workers: 4'),
  );
});
afterEach(() => clear());
afterAll(() => story.end());

const settled = ({ status }: Allocation): boolean => status?.phase !== undefined;
const clear = async (): Promise<void> => {
  await story.kubectl('delete', 'alloc', '--all', '--wait=false');
  await story.workers.eventually((all) => (all.length === 0 ? true : undefined), 'all workers to go');
};

/** What is written at a pace of its own, whoever asks. */
const PUBLISHED: ReadonlySet<string> = new Set(['leases', 'events', 'workerpools']);

/** What the operator answers about the queue. */
const asked = async (query: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${story.url}/queue?${query}`)).json()) as Record<string, unknown>;

test('A4: of two clients that race for the last slots exactly one gets them', async () => {
  for (const round of [1, 2, 3]) {
    const names = [`left-${round}`, `right-${round}`];
    await Promise.all(names.map((name) => story.apply(allocation(name, 'workers: {count: 3, size: small}'))));
    const both = await Promise.all(names.map((name) => story.allocations.until(`default/${name}`, settled)));
    const [winner] = await story.allocations.eventually((all) => {
      const active = all.filter(({ metadata, status }) => names.includes(metadata.name) && status?.phase === 'Active');
      return active.length === 1 ? active : undefined;
    }, 'one of them Active');

    const loser = both.find(({ metadata }) => metadata.name !== winner?.metadata.name)?.metadata.name ?? '';
    const waits = await story.allocations.until(`default/${loser}`, (one) =>
      said(one, 'Ready').startsWith('Insufficient'),
    );
    expect(said(waits, 'Ready')).toBe('InsufficientWorkers: Insufficient workers: requested 3, available 1');
    expect(story.workers.store.list()).toHaveLength(3);
    await clear();
  }
});

test('C9: the operator says where one stands, for what it waits, who has it and until when, and writes nothing for it', async () => {
  await story.apply(allocation('holder', 'workers: {count: 4, size: small}\npriority: High\nttl: 10m'));
  const holder = await story.allocations.until('default/holder', isReady);
  for (const name of ['one', 'two', 'three']) {
    await story.apply(allocation(name, 'workers: {count: 2, size: small}'));
    await story.allocations.until(`default/${name}`, settled);
  }
  const from = (await story.plane.audit()).length;

  const place = await asked('name=three');

  expect(place).toMatchObject({ waits: true, pool: 'burst', missing: { workers: 2 } });
  expect(place['position']).toBeGreaterThanOrEqual(1);
  expect(place['sentence']).toMatch(
    new RegExp(
      `in line for WorkerPool burst, waiting for 2 workers held by Allocation default/holder until ${holder.status?.expiresAt}`,
    ),
  );
  expect(await asked('pool=burst')).toMatchObject({ pending: 3 });
  const writes = (await story.plane.audit())
    .slice(from)
    .filter(({ user, resource }) => user === auditName('cortex-operator') && !PUBLISHED.has(resource));
  expect(writes).toEqual([]);
});

test('A8: an urgent request takes the place of the fewest that rank lower, and they are told', async () => {
  await story.apply(allocation('small', 'workers: {count: 1, size: small}\npriority: Low'));
  await story.apply(allocation('large', 'workers: {count: 3, size: small}\npriority: Low'));
  for (const name of ['small', 'large']) await story.allocations.until(`default/${name}`, isReady);

  await story.apply(allocation('urgent', 'workers: {count: 3, size: small}\npriority: Critical'));
  const victim = await story.allocations.until('default/large', ({ status }) => status?.phase === 'Failed');
  await story.allocations.until('default/urgent', isReady);

  expect(said(victim, 'Finished')).toBe('Preempted: Allocation default/urgent of priority Critical took its place');
  expect(story.allocations.get('default/small')?.status?.phase).toBe('Active');
});

test('A4: an operator killed in the middle of an admission reserves nothing twice and loses nobody', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `job-${i}`);
  const over: number[] = [];
  const end = story.allocations.store.onChange(() => {
    const live = story.allocations.store
      .list()
      .filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'QuotaReserved' && is === 'True'),
      );
    const reserved = live.reduce((sum, { status }) => sum + (status?.reserved?.workers ?? 0), 0);
    if (reserved > 4) over.push(reserved);
  });
  await story.apply(names.map((name) => allocation(name, 'workers: {count: 1, size: small}')).join('\n---\n'));
  await story.allocations.eventually(
    (all) => (all.some(({ status }) => status?.reserved !== undefined) ? true : undefined),
    'the first reservation',
  );
  await story.operator.end('SIGKILL');
  await story.restartOperator();

  await story.allocations.eventually((all) => (all.filter(isReady).length === 4 ? true : undefined), 'four Active');
  await story.allocations.eventually((all) => (all.every(settled) ? true : undefined), 'everybody told');
  end();
  expect(over).toEqual([]);
  expect(story.workers.store.list()).toHaveLength(4);
});
