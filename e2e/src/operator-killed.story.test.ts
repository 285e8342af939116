import type { Allocation } from '@cortex/crds';
import type { KubeObject } from '@cortex/operator/kube/object';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Followed } from './system/cluster.ts';
import { allocation, kwokPool, Story } from './system/story.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst'));
});
afterAll(() => story.end());

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const names = (objects: { metadata: { name: string } }[]): string[] =>
  objects.map(({ metadata }) => metadata.name).toSorted();

/** The UIDs of all objects of a kind that are seen from now on. */
function uidsIn<T extends KubeObject>({ store }: Followed<T>): Set<string> {
  const uids = new Set<string>();
  store.onChange((_key, now) => void (now && uids.add(now.metadata.uid)));
  return uids;
}

/** Kills the operator whenever an object of the job changes, and starts it again, until `done`; answers how often. */
async function killAtEveryChange(done: () => boolean): Promise<number> {
  let kills = 0;
  while (!done()) {
    await nextChange(done);
    if (done()) break;
    await story.operator.end('SIGKILL');
    await story.restartOperator();
    kills++;
  }
  return kills;
}

async function nextChange(done: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ends = [story.allocations, story.workers, story.nodes].map(({ store }) => store.onChange(() => resolve()));
  if (!done()) await promise;
  for (const end of ends) end();
}

test('an operator killed at every change of a job still makes it Ready on exactly its workers, and leaves nothing', async () => {
  const [raised, joined] = [uidsIn(story.workers), uidsIn(story.nodes)];
  await story.apply(allocation('job', 'workers: {count: 2, size: small}'));
  const up = await killAtEveryChange(() => story.allocations.store.list().some(isReady));
  expect(story.workers.store.list()).toHaveLength(2);
  expect(names(story.nodes.store.list())).toEqual(names(story.workers.store.list()));

  await story.kubectl('delete', 'alloc', 'job', '--wait=false');
  const down = await killAtEveryChange(() => story.workers.store.size + story.nodes.store.size === 0);

  expect(Math.min(up, down)).toBeGreaterThan(2);
  expect([raised.size, joined.size]).toEqual([2, 2]);
  const { items: leases } = JSON.parse(await story.kubectl('get', 'leases', '-n', 'cortex-system', '-o', 'json')) as {
    items: { metadata: { name: string } }[];
  };
  expect(leases.map(({ metadata }) => metadata.name)).toEqual(['cortex-operator']);
});

test('an operator that starts again over objects at rest writes nothing', async () => {
  await story.apply(allocation('rest', 'workers: {count: 2, size: small}'));
  await story.allocations.until('default/rest', isReady);
  const writes = async () =>
    (await story.plane.audit()).filter(
      ({ user, resource }) => user.endsWith('cortex-operator') && !['leases', 'events'].includes(resource),
    );
  await story.pools.until('burst', ({ status }) => status?.workers?.ready === 2);
  const atRest = structuredClone(story.workers.store.list());
  await story.operator.end();
  const before = (await writes()).length;

  await story.restartOperator();
  await story.apply(allocation('witness', 'ttl: 60s'));
  await story.allocations.until('default/witness', isReady);

  expect(story.workers.store.list()).toEqual(atRest);
  const after = (await writes()).slice(before);
  expect(after.map(({ resource, name, verb }) => `${verb} ${resource} ${name}`)).toEqual([
    'update allocations witness',
  ]);
});
