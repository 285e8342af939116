import { expect, test } from 'vitest';
import { configMap, openEdge, ownNamespace } from '../testing/edge.ts';
import { ConfigMaps } from './core.ts';
import { Namespaces, Nodes, type Pod, Pods } from './core.ts';
import { isAlreadyExists, isConflict, isNotFound } from './errors.ts';
import { EventRecorder } from './events.ts';
import type { KubeObject, ResourceType } from './object.ts';

const refusalOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return await call;
  } catch (error) {
    return error;
  }
};

test('what is taken, stale, gone or another is told apart', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const created = await client.create(ConfigMaps, configMap(namespace, 'a'));
  await client.update(ConfigMaps, { ...created, data: { a: '1' } });

  expect(isAlreadyExists(await refusalOf(client.create(ConfigMaps, configMap(namespace, 'a'))))).toBe(true);
  expect(isConflict(await refusalOf(client.update(ConfigMaps, { ...created, data: { a: '2' } })))).toBe(true);
  expect(isConflict(await refusalOf(client.delete(ConfigMaps, `${namespace}/a`, { uid: 'another' })))).toBe(true);
  expect(isNotFound(await refusalOf(client.get(ConfigMaps, `${namespace}/b`)))).toBe(true);
});

test('a patch with a resourceVersion loses the race it lost', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const { metadata } = await client.create(ConfigMaps, configMap(namespace, 'a'));
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, data: { a: '1' } };
  await client.patch(ConfigMaps, `${namespace}/a`, patch);

  expect(isConflict(await refusalOf(client.patch(ConfigMaps, `${namespace}/a`, { ...patch, data: { a: '2' } })))).toBe(
    true,
  );
});

test('the same apply twice changes nothing', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const [first, second] = [
    await client.apply(ConfigMaps, configMap(namespace, 'a', { a: '1' }), 'tester'),
    await client.apply(ConfigMaps, configMap(namespace, 'a', { a: '1' }), 'tester'),
  ];

  expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
});

test('a list longer than a page is whole', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const create = (at: number): Promise<unknown> => client.create(ConfigMaps, configMap(namespace, `c${at}`));
  await Promise.all(Array.from({ length: 510 }, (_, at) => create(at)));
  const maps = await client.list(ConfigMaps, { namespace, fieldSelector: 'metadata.name!=kube-root-ca.crt' });

  expect(maps.length).toBe(510);
  expect(maps[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
});

test('D8: an eviction of the very pod that was seen ends it', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const spec = { nodeName: 'nowhere', terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'none' }] };
  const draft = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'a' }, spec } as const;
  const { metadata } = await client.create<Pod>(Pods, draft);
  await client.evict({ namespace, name: 'a', uid: metadata.uid });

  expect(isNotFound(await refusalOf(client.get(Pods, `${namespace}/a`)))).toBe(true);
});

interface Event extends KubeObject {
  kind: 'Event';
  involvedObject: { name: string };
  reason: string;
  type: string;
}
const Events: ResourceType<Event> = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };

test('users read Events of namespaced and of cluster-scoped objects', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const problems: unknown[] = [];
  const who = { component: 'cortex.automation/operator', instance: 'operator-0' };
  const recorder = new EventRecorder({ client, ...who, onProblem: (error) => problems.push(error) });
  recorder.record(await client.create(ConfigMaps, configMap(namespace, 'a')), {
    type: 'Normal',
    reason: 'Ready',
    message: 'x',
  });
  recorder.record(await client.get(Namespaces, namespace), { type: 'Warning', reason: 'Odd', message: 'y' });
  await recorder.flush();
  const about = async (where: string, name: string): Promise<unknown[]> =>
    await client.list(Events, { namespace: where, fieldSelector: `involvedObject.name=${name}` });

  expect(problems).toEqual([]);
  expect(await about(namespace, 'a')).toMatchObject([{ type: 'Normal', reason: 'Ready' }]);
  expect(await about('default', namespace)).toMatchObject([{ type: 'Warning', reason: 'Odd' }]);
});

test('a cluster-scoped object is read by its name', async () => {
  const { client } = await openEdge();

  expect(isNotFound(await refusalOf(client.get(Nodes, 'none')))).toBe(true);
});
