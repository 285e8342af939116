import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Daemon } from './system/daemon.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/mcp-facade.mjs');
const NAME = { name: 'story', version: '1' };

let story: Story;
let facade: Daemon;
let url: string;

beforeAll(async () => {
  story = await Story.begin();
  await story.apply(kwokPool('burst'));
  ({ facade, url } = await startFacade(story.plane, { folder: story.folder }));
});

afterAll(async () => {
  await facade.end();
  await story.end();
});

const stdio = () => ({
  command: process.execPath,
  args: [BUNDLE, 'stdio'],
  env: { PATH: process.env['PATH'] ?? '', KUBECONFIG: story.plane.kubeconfigPath },
  stderr: 'ignore' as const,
});

/** What is heard of one address until the Allocation behind it is active. */
async function heardUntilActive(name: string, read: () => Promise<{ contents: unknown[] }>): Promise<void> {
  await story.apply(allocation(name, 'workers: {count: 1, size: small}'));
  await story.allocations.until(`default/${name}`, ({ status }) => status?.phase === 'Active');
  const [content] = (await read()).contents as [{ text: string }];
  expect(JSON.parse(content.text)).toMatchObject({ state: 'active' });
}

test.for([
  ['HTTP', () => new StreamableHTTPClientTransport(new URL(url))],
  ['standard input and output', () => new StdioClientTransport(stdio())],
] as const)('a 2026 client over %s hears of the Allocation it listens to', async ([transport, connect]) => {
  const name = `heard-${transport.length}`;
  const uri = `cortex://allocations/default/${name}`;
  const client = new Client(NAME, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const heard = new Set<string>();
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.add(params.uri));
  await client.connect(connect());
  await client.listen({ resourceSubscriptions: [uri] });

  await heardUntilActive(name, () => client.readResource({ uri }));
  await expect.poll(() => [...heard]).toEqual([uri]);
  await client.close();
});

test('a 2025 client over standard input and output hears of what it subscribed to, until it does not want to', async () => {
  const [uri, other] = ['cortex://allocations/default/subscribed', 'cortex://allocations/default/left'];
  const client = new FirstClient(NAME);
  const heard = new Set<string>();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.add(params.uri));
  await client.connect(new FirstStdio(stdio()));
  await client.subscribeResource({ uri });
  await client.subscribeResource({ uri: other });
  await client.unsubscribeResource({ uri: other });

  await heardUntilActive('left', () => client.readResource({ uri: other }));
  await heardUntilActive('subscribed', () => client.readResource({ uri }));
  await expect.poll(() => [...heard]).toEqual([uri]);
  await client.close();
});
