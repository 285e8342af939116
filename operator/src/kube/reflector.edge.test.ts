import { expect, onTestFinished, test, vi } from 'vitest';
import { configMap, edgeKubeConfig, openEdge, ownNamespace } from '../testing/edge.ts';
import { type ConfigMap, ConfigMaps } from './core.ts';
import { openRelay } from '../testing/relay.ts';
import type { KubeClient } from './client.ts';
import { serverOf } from './identity.ts';
import { keyOf, type KubeObject, type ResourceType } from './object.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';
import { isNewer } from './resource-version.ts';
import { Store } from './store.ts';
import type { Transport } from './transport.ts';

function follow<T extends KubeObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: Partial<ReflectorOptions<T>> = {},
): { reflector: Reflector<T>; store: Store<T> } {
  const [store, stop] = [new Store<T>(), new AbortController()];
  const reflector = new Reflector<T>({ transport, type, store, ...options });
  const ended = reflector.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return { reflector, store };
}

const versions = (objects: readonly KubeObject[]): Map<string, string> =>
  new Map(objects.map((object) => [keyOf(object), object.metadata.resourceVersion] as const));

async function equalToServer(store: Store<ConfigMap>, client: KubeClient, namespace: string): Promise<void> {
  const truth = versions(await client.list(ConfigMaps, { namespace }));
  await vi.waitFor(() => expect(versions(store.list())).toEqual(truth), { timeout: 20_000, interval: 20 });
}

/** Creates, changes and deletes, several at once, over and over. */
async function stir(client: KubeClient, namespace: string, from: number): Promise<void> {
  const one = async (at: number): Promise<void> => {
    const name = `c${at % 20}`;
    await client.create(ConfigMaps, configMap(namespace, name)).catch(() => undefined);
    await client.patch(ConfigMaps, `${namespace}/${name}`, { data: { at: String(at) } }).catch(() => undefined);
    if (at % 3 === 0) await client.delete(ConfigMaps, `${namespace}/${name}`).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 60 }, (_, at) => one(from + at)));
}

test.for(['stream', 'pages'] as const)('read as a %s, the copy equals the server', async (initial) => {
  const { client, transport } = await openEdge();
  const namespace = await ownNamespace(client);
  await stir(client, namespace, 0);
  const { reflector, store } = follow(transport, ConfigMaps, { namespace, initial });
  await reflector.ready;
  await equalToServer(store, client, namespace);
  await stir(client, namespace, 100);

  await equalToServer(store, client, namespace);
  expect(store.list().some((object) => 'managedFields' in object.metadata)).toBe(false);
});

test('a watch that is cut again and again while others write loses nothing, and reads everything only once', async () => {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const relay = await openRelay(serverOf(edgeKubeConfig()).origin);
  const { transport } = await openEdge(edgeKubeConfig(relay.url));
  const heard = { listed: vi.fn<() => void>(), restarted: vi.fn<() => void>() };
  const { reflector, store } = follow(transport, ConfigMaps, { namespace, observer: heard });
  await reflector.ready;
  for (let turn = 0; turn < 5; turn++) {
    const restarts = heard.restarted.mock.calls.length;
    const writing = stir(client, namespace, turn * 7);
    relay.cut();
    await writing;
    await vi.waitFor(() => expect(heard.restarted.mock.calls.length).toBeGreaterThan(restarts));
    await vi.waitFor(() => expect(reflector.outageMs).toBe(0), { timeout: 10_000 });
  }

  await equalToServer(store, client, namespace);
  expect(heard.listed).toHaveBeenCalledOnce();
});

test('our own writes are seen at once, and the watch never takes them back', async () => {
  const { client, transport } = await openEdge();
  const namespace = await ownNamespace(client);
  const { reflector, store } = follow(transport, ConfigMaps, { namespace });
  await reflector.ready;
  const setBack: string[] = [];
  store.onChange((key, now, before) => {
    if (now && before && !isNewer(now.metadata.resourceVersion, before.metadata.resourceVersion)) setBack.push(key);
  });
  await client.create(ConfigMaps, configMap(namespace, 'a'));
  for (let at = 0; at < 50; at++) {
    store.learn(await client.patch<ConfigMap>(ConfigMaps, `${namespace}/a`, { data: { at: String(at) } }));
    expect(store.get(`${namespace}/a`)?.data?.['at']).toBe(String(at));
  }
  const last = store.get(`${namespace}/a`);
  await client.delete(ConfigMaps, `${namespace}/a`);
  if (last) store.learnDeleted(`${namespace}/a`, last.metadata.uid);

  expect([store.get(`${namespace}/a`), setBack]).toEqual([undefined, []]);
  await equalToServer(store, client, namespace);
});

test('a kind that is defined later is followed from then on, and its absence is said once', async () => {
  const { client, transport } = await openEdge();
  const group = `g${crypto.randomUUID().slice(0, 8)}.example.com`;
  const gadgets = { group, version: 'v1', plural: 'gadgets', kind: 'Gadget', namespaced: true };
  const problems: unknown[] = [];
  const { reflector, store } = follow(transport, gadgets, { onProblem: (error) => problems.push(error) });
  await vi.waitFor(() => expect(problems).toMatchObject([{ status: 404 }]));
  await defineGadgets(transport, group);
  await reflector.ready;
  await client.create(gadgets, {
    apiVersion: `${group}/v1`,
    kind: 'Gadget',
    metadata: { namespace: 'default', name: 'a' },
  });

  await vi.waitFor(() => expect(store.get('default/a')).toBeDefined());
  expect(problems.length).toBe(1);
});

async function defineGadgets(transport: Transport, group: string): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const schema = { openAPIV3Schema: { type: 'object' } };
  await transport.call('POST', path, {
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `gadgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
  });
  onTestFinished(() => transport.call('DELETE', `${path}/gadgets.${group}`).then(() => undefined));
}
