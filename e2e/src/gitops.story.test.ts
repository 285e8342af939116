import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFinished, isReady, said } from './system/said.ts';
import { node } from './system/servers.ts';
import { allocation, Story } from './system/story.ts';
import { outOfSync, sync, type Waves, wavesInGit } from './system/waves.ts';

const [CRDS, OPERATOR, FACADE, PLATFORM, JOBS] = [-1, 0, 1, 2, 3];

let story: Story;
let git: Waves;

beforeAll(async () => {
  git = await wavesInGit();
  story = await Story.begin({
    put: async (plane) => {
      await plane.kubectl(['create', 'namespace', 'cortex-system']);
      await sync(plane, git, (wave) => wave <= FACADE);
    },
  });
  await story.apply(node('permanent'));
});
afterAll(() => story.end());

test('what lies in Git is applied in waves, each of which finds what it needs, and a job from there is Ready', async () => {
  expect([...git.keys()]).toEqual([CRDS, OPERATOR, FACADE, PLATFORM, JOBS]);
  await sync(story.plane, git, (wave) => wave === PLATFORM);
  await story.kubectl('wait', 'workerpool/burst', '--for=condition=Ready', '--timeout=30s');

  await sync(story.plane, git, (wave) => wave === JOBS);
  const job = await story.allocations.until('cortex-system/nightly-index', isReady);
  expect(job.status).toMatchObject({ workersReady: '2/2', serversReady: '1/1' });
});

test('T10: a sync after a whole life, which another job took over, changes nothing and revives nothing', async () => {
  const { spec } = story.allocations.get('cortex-system/nightly-index') as Allocation;
  await story.apply(successorOf(spec));
  const ended = await story.allocations.until('cortex-system/nightly-index', isFinished);
  expect(said(ended, 'Finished')).toContain('HandedOver');
  await story.allocations.until('cortex-system/nightly-index-2', isReady);

  expect(await outOfSync(story.plane, git)).toBe('');
  await sync(story.plane, git, () => true);
  await story.apply(allocation('witness', 'ttl: 60s'));
  await story.allocations.until('default/witness', isReady);

  const now = story.allocations.get('cortex-system/nightly-index');
  expect(now?.metadata).toMatchObject({ uid: ended.metadata.uid, generation: ended.metadata.generation });
  expect(now?.status).toEqual(ended.status);
});

/** As Git changes what is immutable: under a new name, which takes over. */
const successorOf = ({ workers, mcpServers }: Allocation['spec']): string =>
  JSON.stringify({
    apiVersion: 'cortex.automation/v1alpha1',
    kind: 'Allocation',
    metadata: { name: 'nightly-index-2', namespace: 'cortex-system' },
    spec: { workers, mcpServers, takesOver: 'nightly-index' },
  });
