import { expect, onTestFinished, test } from 'vitest';
import type { KubeClient } from '../kube/client.ts';
import { Namespaces, type Pod, type PodDisruptionBudget, PodDisruptionBudgets, Pods } from '../kube/core.ts';
import { openEdge, ownNamespace } from '../testing/edge.ts';
import { removePod } from './evict.ts';
import type { Answer } from './input.ts';

/** A pod that runs, as far as the API server can tell: nothing plays the kubelet of its Node. */
async function runningPod(client: KubeClient, namespace: string, finalizers: string[] = []): Promise<Pod> {
  const pod = await client.create<Pod>(Pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'web', labels: { app: 'web' }, finalizers },
    spec: { nodeName: `nowhere-${namespace}`, containers: [{ name: 'web', image: 'web' }] },
  });
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  return await client.updateStatus<Pod>(Pods, { ...pod, status });
}

async function budget(client: KubeClient, namespace: string, name: string): Promise<void> {
  await client.create<PodDisruptionBudget>(PodDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace, name },
    spec: { selector: { matchLabels: { app: 'web' } }, minAvailable: 1 } as PodDisruptionBudget['spec'],
  });
  await expect
    .poll(async () => (await client.get(PodDisruptionBudgets, `${namespace}/${name}`)).status?.currentHealthy)
    .toBe(1);
}

const evict = async (client: KubeClient, { metadata }: Pod, uid = metadata.uid): Promise<Answer> =>
  await removePod(client, { kind: 'Evict', pod: { namespace: metadata.namespace ?? '', name: metadata.name, uid } });

test('D8: an eviction takes the pod that was seen', async () => {
  const { client } = await openEdge();
  const pod = await runningPod(client, await ownNamespace(client));

  expect(await evict(client, pod)).toEqual({ kind: 'Accepted' });
});

test('D8: another pod of that name stays, evicted or deleted', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const pod = await runningPod(client, namespace);
  const other = { namespace, name: 'web', uid: crypto.randomUUID() };

  expect(await removePod(client, { kind: 'Evict', pod: other })).toEqual({ kind: 'Gone' });
  expect(await removePod(client, { kind: 'Delete', pod: other, gracePeriodSeconds: 1 })).toEqual({ kind: 'Gone' });
  expect((await client.get(Pods, `${namespace}/web`)).metadata).toEqual(pod.metadata);
});

test('D9: a budget refuses in its own words', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const pod = await runningPod(client, namespace);
  await budget(client, namespace, 'all');

  expect(await evict(client, pod)).toEqual({
    kind: 'Refused',
    by: 'Budget',
    message: 'The disruption budget all needs 1 healthy pods and has 1 currently',
  });
});

test('D9: two budgets over one pod are a refusal of their own', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const pod = await runningPod(client, namespace);
  await Promise.all([budget(client, namespace, 'one'), budget(client, namespace, 'two')]);

  expect(await evict(client, pod)).toMatchObject({ kind: 'Refused', by: 'Budgets' });
});

test('D9: a namespace that ends takes its pods itself', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const pod = await runningPod(client, namespace, ['cortex.automation/test']);
  onTestFinished(async () => void (await client.patch(Pods, `${namespace}/web`, { metadata: { finalizers: null } })));
  await client.delete(Namespaces, namespace);
  await expect.poll(async () => (await client.get(Namespaces, namespace)).status?.phase).toBe('Terminating');

  expect(await evict(client, pod)).toMatchObject({ kind: 'Refused', by: 'Server' });
});
