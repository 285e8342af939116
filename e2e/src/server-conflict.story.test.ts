import type { McpServer } from '@cortex/crds';
import { type Workload, Deployments } from '@cortex/operator/kube/apps';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operatorWrites, wordsOf } from './system/operator-writes.ts';
import { beginWithServers, isReady, node, reasonOf, type ServerStory, wish, workload } from './system/servers.ts';

let { story, servers, wishes } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers, wishes } = await beginWithServers({ auditPolicy: true }));
  await story.apply(node('node-1'));
});
afterAll(() => story.end());

const running = ({ status }: McpServer): boolean => status?.phase === 'Running';

const writesTo = async (name: string): Promise<string[]> =>
  (await operatorWrites(story.plane)).filter((entry) => entry.name === name).map(wordsOf);

/** Sets the Deployment back to what Git says, three seconds after anybody changed it: an ArgoCD that heals itself. */
async function fakeArgoCd(name: string, replicas: number): Promise<{ reverts: () => number; end: () => void }> {
  const { store } = await story.cluster.follow<Workload>(Deployments);
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment' as const,
    metadata: { name, namespace: 'default' },
    spec: { replicas } as Workload['spec'],
  };
  const heal = () => story.cluster.client.apply<Workload>(Deployments, manifest, 'argocd-controller');
  await heal();
  let reverts = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = store.onChange((key, now) => {
    if (key !== `default/${name}` || now === undefined || now.spec.replicas === replicas || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      reverts++;
      void heal();
    }, 3_000);
  });
  return {
    reverts: () => reverts,
    end: () => {
      clearTimeout(timer);
      end();
    },
  };
}

test('an ArgoCD that keeps setting its own number is named within 30 s, and not fought', async () => {
  await story.apply(workload('git'));
  await servers.until('default/git', running);
  const argo = await fakeArgoCd('git', 1);
  const startedAt = performance.now();

  await story.apply(wish('git', 'git', 3));
  const contested = await servers.until('default/git', (each) => reasonOf(each, 'ScaleConflict') !== undefined);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  expect(contested.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'ScaleConflict',
      status: 'True',
      reason: 'ScaleConflict',
      message: expect.stringMatching(/^Field manager argocd-controller .* RespectIgnoreDifferences=true/),
    }),
  );
  const waiting = await wishes.until('default/git', ({ status }) => status?.phase === 'Waiting');
  expect(reasonOf(waiting, 'Applied', 'False')).toBe('ScaleConflict');
  // Nothing is left to come: its next try is minutes away (conflict.test.ts counts ten of them, and an hour).
  expect(argo.reverts()).toBe(3);
  expect((await writesTo('git')).filter((each) => each === 'patch deployments/scale')).toHaveLength(3);

  argo.end();
  await story.kubectl('scale', 'mss', 'git', '--replicas=1');
  await servers.until('default/git', (each) => reasonOf(each, 'ScaleConflict', 'False') === 'Applied');
  await wishes.until('default/git', isReady);
});

test('somebody who scales the workload once is overruled, without a conflict', async () => {
  await story.apply(workload('once') + '---' + wish('once', 'once', 2));
  await wishes.until('default/once', isReady);

  await story.kubectl('scale', 'deployment', 'once', '--replicas=5');
  await expect
    .poll(() => story.kubectl('get', 'deployment', 'once', '-o', 'jsonpath={.spec.replicas}'), { timeout: 20_000 })
    .toBe('2');
  expect(reasonOf(servers.get('default/once') ?? {}, 'ScaleConflict')).toBeUndefined();
});

test('where nobody wishes, whoever scales the workload sets the baseline', async () => {
  await story.apply(workload('free'));
  await servers.until('default/free', running);

  await story.kubectl('scale', 'deployment', 'free', '--replicas=3');
  const scaled = await servers.until('default/free', ({ status }) => status?.ready === 3);
  expect(scaled.status).toMatchObject({ phase: 'Running', baseline: 3 });
  expect(await writesTo('free')).not.toContain('patch deployments/scale');
});

test('an HPA on the workload: the wish is recorded, not applied, and said; without it the wish is applied', async () => {
  await story.apply(workload('busy'));
  await servers.until('default/busy', running);
  await story.apply(`
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: by-load, namespace: default}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: busy}
  minReplicas: 1
  maxReplicas: 4
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`);
  await servers.until('default/busy', (each) => reasonOf(each, 'ScaleConflict') === 'AutoscalerPresent');

  await story.apply(wish('busy', 'busy', 3));
  const waiting = await wishes.until('default/busy', ({ status }) => status?.phase === 'Waiting');
  expect(reasonOf(waiting, 'Applied', 'False')).toBe('AutoscalerPresent');
  const recorded = await servers.until('default/busy', ({ status }) => status?.effective?.replicas === 3);
  expect(recorded.status?.desired).toBe(1);
  expect(await writesTo('busy')).not.toContain('patch deployments/scale');

  await story.kubectl('delete', 'hpa', 'by-load');
  await wishes.until('default/busy', isReady);
});
