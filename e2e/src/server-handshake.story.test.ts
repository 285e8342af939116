import { type McpServer } from '@cortex/crds';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Daemon } from './system/daemon.ts';
import { EXAMPLE_SERVERS_PROCESS, ExampleServers, hostAddress } from './system/example-servers.ts';
import { callTool } from './system/mcp.ts';
import { beginWithServers, isReady, node, reasonOf, type ServerStory, wish, workload } from './system/servers.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const ADDRESS = hostAddress();
/** 100::/64 is where packets are discarded (RFC 6666). */
const NOWHERE = '100::1';

let { story, servers, wishes } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers, wishes } = await beginWithServers());
  await story.apply(node('node-1'));
});
afterAll(() => story.end());

const running = ({ status }: McpServer): boolean => status?.phase === 'Running';

const service = (name: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: {ports: [{name: http, port: 80}]}
`;

/** The endpoints of a Service without a selector. */
const slice = (name: string, address: string, port: number): string => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: default, labels: {kubernetes.io/service-name: ${name}}}
addressType: ${address.includes(':') ? 'IPv6' : 'IPv4'}
endpoints: [{addresses: ["${address}"], conditions: {ready: true}}]
ports: [{name: http, port: ${port}}]
`;

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, ADDRESS);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test.skipIf(ADDRESS === undefined)(
  'a real MCP server behind a Service is Ready only after the handshake, and tells what it is',
  async () => {
    await story.apply(service('front') + '---' + workload('front'));
    const waiting = await servers.until('default/front', ({ status }) => status?.phase === 'Scaling');
    expect(reasonOf(waiting, 'Ready', 'False')).toBe('NoEndpoints');

    await story.kubectl('delete', 'deployment,service', 'front');
    await story.apply(readFileSync(join(EXAMPLES, 'servers.yaml'), 'utf8'));
    await using _examples = await ExampleServers.start(story.cluster, (error) => console.error(error));
    const clock = await servers.until('default/clock', running);
    expect(clock.status).toMatchObject({
      service: 'clock',
      ready: 1,
      serverInfo: { name: 'clock', version: '1.0.0', protocolVersion: '2026-07-28', tools: 2 },
    });
    expect(reasonOf(clock, 'Ready')).toBe('Running');
    expect(
      (await servers.until('default/notes', ({ status }) => status?.phase === 'Stopped')).status,
    ).not.toHaveProperty('serverInfo');
  },
);

test.skipIf(ADDRESS === undefined)(
  'a stopped server wakes by a wish and answers an MCP client; stopped, it is gone',
  async () => {
    await story.apply(readFileSync(join(EXAMPLES, 'servers.yaml'), 'utf8'));
    await using _examples = await ExampleServers.start(story.cluster, (error) => console.error(error));
    await servers.until('default/notes', ({ status }) => status?.phase === 'Stopped');

    await story.apply(readFileSync(join(EXAMPLES, 'wish.yaml'), 'utf8'));
    await wishes.until('default/start-notes', isReady);
    const notes = await servers.until('default/notes', running);
    expect(notes.status?.serverInfo?.name).toBe('notes');
    const [port] = await portsOf('notes');
    await callTool(`http://${ADDRESS}:${port}/mcp`, 'write_note', { name: 'a', text: 'b' });

    await story.kubectl('delete', 'mss', 'start-notes');
    await servers.until('default/notes', ({ status }) => status?.phase === 'Stopped');
    await expect.poll(() => portsOf('notes')).toEqual([]);
  },
);

test.skipIf(ADDRESS === undefined)(
  'the example servers end with what keeps them, even when that is killed',
  async () => {
    await story.apply(readFileSync(join(EXAMPLES, 'servers.yaml'), 'utf8'));
    const keeper = new Daemon({
      name: 'example-servers',
      script: EXAMPLE_SERVERS_PROCESS,
      folder: story.folder,
      kubeconfig: story.plane.kubeconfig,
    });
    onTestFinished(async () => void (await keeper.end()));
    await expect.poll(() => portsOf('clock'), { timeout: 60_000 }).toHaveLength(1);
    const [port] = await portsOf('clock');
    const answers = () =>
      fetch(`http://${ADDRESS}:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await answers()).toBe(true);

    await keeper.end('SIGKILL');
    await expect.poll(answers, { timeout: 30_000 }).toBe(false);
  },
);

const portsOf = async (name: string): Promise<number[]> => {
  const slices = ['get', 'endpointslices', '-l', `kubernetes.io/service-name=${name}`, '-o', 'json'];
  const { items } = JSON.parse(await story.kubectl(...slices)) as { items: { ports: { port: number }[] }[] };
  return items.flatMap(({ ports }) => ports.map(({ port }) => port));
};

test.skipIf(ADDRESS === undefined)('an HTTP server that is not MCP is never Ready', async () => {
  const nginx = await serve((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>'));
  await story.apply([service('web'), slice('web', ADDRESS ?? '', nginx), workload('web')].join('---'));

  const web = await servers.until('default/web', (each) => reasonOf(each, 'Ready', 'False') === 'NotMcp');
  expect(web.status).toMatchObject({ phase: 'Scaling', ready: 1 });
  expect(web.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Ready',
      message:
        'Service web port http at /mcp answers 404 text/html, which is not MCP: check the port and the path, or set spec.probe.type',
    }),
  );

  await story.apply(wish('web', 'web', 2));
  await servers.until('default/web', ({ status }) => status?.ready === 2);
  expect(isReady(servers.get('default/web') ?? web)).toBe(false);
});

test('a server that no handshake can reach follows its pods, and says so', async () => {
  await story.apply([service('far'), slice('far', NOWHERE, 8080), workload('far')].join('---'));

  const far = await servers.until('default/far', running);
  expect(reasonOf(far, 'Ready')).toBe('HandshakeUnknown');
});

test.skipIf(ADDRESS === undefined)('a server that answered, and answers no more, is not Ready', async () => {
  let alive = true;
  const port = await serve((_, response) => {
    if (!alive) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    const serverInfo = { name: 'scripted', version: '1' };
    response.end(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo },
      }),
    );
  });
  await story.apply([service('old'), slice('old', ADDRESS ?? '', port), workload('old')].join('---'));
  await servers.until('default/old', ({ status }) => status?.serverInfo?.name === 'scripted');

  alive = false;
  await story.kubectl('scale', 'deployment', 'old', '--replicas=2');
  const lost = await servers.until('default/old', (each) => reasonOf(each, 'Ready', 'False') === 'HandshakeFailed');
  expect(lost.status?.serverInfo?.name).toBe('scripted');

  alive = true;
  await servers.until('default/old', running);
});
