import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryCluster } from './testing/memory-cluster.ts';
import { allocation, readyWorker, server } from './testing/objects.ts';
import { served } from './testing/served.ts';

async function connected(mode: 'legacy' | { pin: string }, cluster = new MemoryCluster()) {
  const { url } = await served({ cluster });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  return { client, cluster };
}

const MODERN = { pin: '2026-07-28' };

test.for(['legacy', MODERN] as const)('a client that speaks %o lists, and reads what the tools say', async (mode) => {
  const { client, cluster } = await connected(mode);
  cluster.put('allocations', allocation('a', { metadata: { namespace: 'jobs' } }));
  cluster.put('workers', readyWorker('burst-1'));
  cluster.put('servers', server('github'));

  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual([
    'cortex://allocations/jobs/a',
    'cortex://capacity',
    'cortex://servers/default/github',
    'cortex://workers/burst-1',
  ]);
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    'cortex://allocations/{namespace}/{name}',
    'cortex://workers/{name}',
    'cortex://servers/{namespace}/{name}',
  ]);
  for (const { uri } of resources) {
    const [content] = (await client.readResource({ uri })).contents as { text: string; mimeType: string }[];
    expect(content?.mimeType).toBe('application/json');
    expect(JSON.parse(content?.text ?? '')).toMatchObject({});
  }
  const [read] = (await client.readResource({ uri: 'cortex://allocations/jobs/a' })).contents as { text: string }[];
  expect(JSON.parse(read?.text ?? '')).toMatchObject({ allocation_id: 'jobs/a', state: 'pending' });
});

test.for([
  'cortex://allocations/jobs/b',
  'cortex://allocations/a',
  'cortex://pods/a',
  'file:///etc/passwd',
  'cortex://workers/../x',
])('%s is not found', async (uri) => {
  const { client } = await connected(MODERN);

  await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
});

test('a list of many comes in pages, each of them once', async () => {
  const { client, cluster } = await connected(MODERN);
  for (let i = 0; i < 150; i++) cluster.put('workers', readyWorker(`burst-${i}`));

  const { resources } = await client.listResources();
  expect(new Set(resources.map(({ uri }) => uri)).size).toBe(151);
  await expect(client.listResources({ cursor: 'bogus' })).rejects.toMatchObject({ code: -32_602 });
});

test('a client that listens hears of the objects it named, of no others, and of the list', async () => {
  const cluster = new MemoryCluster();
  cluster.put('allocations', allocation('mine'));
  cluster.put('allocations', allocation('other'));
  const { client } = await connected(MODERN, cluster);
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  client.setNotificationHandler('notifications/resources/list_changed', () => void heard.push('list'));
  const uri = 'cortex://allocations/default/mine';
  const subscription = await client.listen({ resourceSubscriptions: [uri], resourcesListChanged: true });

  cluster.put('allocations', allocation('other', { status: { phase: 'Active' } }));
  cluster.put('allocations', allocation('mine', { status: { phase: 'Active' } }));
  await expect.poll(() => heard).toEqual([uri]);
  cluster.remove('allocations', 'default/mine');
  await expect.poll(() => heard).toEqual([uri, uri, 'list']);
  await subscription.close();
});

test('a 2025 client over HTTP is offered no subscription, since none could reach it', async () => {
  const { client } = await connected('legacy');

  expect(client.getServerCapabilities()?.resources).toEqual({});
});

test('many changes of the list at once are told of at once, and once more', async () => {
  const { client, cluster } = await connected(MODERN);
  let lists = 0;
  client.setNotificationHandler('notifications/resources/list_changed', () => void lists++);
  const subscription = await client.listen({ resourcesListChanged: true });

  for (let i = 0; i < 500; i++) cluster.put('workers', readyWorker(`burst-${i}`));
  await expect.poll(() => lists).toBe(2);
  await subscription.close();
});
