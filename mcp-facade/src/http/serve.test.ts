import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { served } from '../testing/served.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' });

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One request with exactly these headers: fetch would not let a test choose Host. */
async function send(url: string, { method = 'POST', path = '/mcp', headers = JSON_TYPE, body = '' }: Sent) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    allow?: string | undefined;
    body: unknown;
  }>();
  const sent = request(new URL(path, url), { method, headers }, (answer) => {
    answer.setEncoding('utf8');
    let text = '';
    answer.on('data', (chunk: string) => (text += chunk));
    answer.on('end', () =>
      resolve({
        status: answer.statusCode ?? 0,
        allow: answer.headers.allow,
        body: text === '' ? undefined : JSON.parse(text),
      }),
    );
  });
  sent.on('error', reject).end(body);
  return await promise;
}

test('a page of another site reaches nothing: Host and Origin are checked before anything else', async () => {
  const { url } = await served();

  const rebound = await send(url, { headers: { ...JSON_TYPE, host: 'attacker.example' }, body: LIST });
  expect(rebound.status).toBe(403);
  const crossSite = await send(url, { headers: { ...JSON_TYPE, origin: 'https://attacker.example' }, body: LIST });
  expect(crossSite.status).toBe(403);
  const own = await send(url, { headers: { ...JSON_TYPE, origin: 'http://localhost:5173' }, body: LIST });
  expect(own.status).toBe(200);
});

test.for(['GET', 'DELETE', 'PUT'])(
  '%s is answered 405: there are no sessions and no standing streams',
  async (method) => {
    const { url } = await served();

    expect(await send(url, { method })).toMatchObject({ status: 405, allow: 'POST' });
  },
);

test('what is no request gets an HTTP error with a JSON body, and the next one is served', async () => {
  const { url } = await served();

  expect(await send(url, { path: '/other' })).toMatchObject({ status: 404, body: { error: { code: -32_000 } } });
  expect(await send(url, { headers: { 'content-type': 'text/plain' }, body: LIST })).toMatchObject({ status: 415 });
  expect(await send(url, { body: '{"jsonrpc": "2.0", ' })).toMatchObject({
    status: 400,
    body: { error: { code: -32_700 } },
  });
  expect(await send(url, { body: 'x'.repeat(1_000_000) })).toMatchObject({ status: 413 });
  expect(await send(url, { body: LIST })).toMatchObject({ status: 200 });
});

const nested = (levels: number): string =>
  `{"jsonrpc":"2.0","id":1,"method":"ping","params":${'['.repeat(levels)}${']'.repeat(levels)}}`;

test.for([{}, { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2026-07-28' }])(
  'with headers %o nobody falls over a body that is nested deeply',
  async (headers) => {
    const { url } = await served();

    for (const levels of [65, 10_000, 100_000])
      expect(await send(url, { headers: { ...JSON_TYPE, ...headers }, body: nested(levels) })).toMatchObject({
        status: 400,
        body: { error: { code: -32_600, message: 'Too deep: at most 64 levels' } },
      });
  },
);

test.for([
  ['an array', '[]', -32_600],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600],
  ['no method', '{"jsonrpc":"2.0","id":1}', -32_600],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"resources/list"}', -32_601],
  ['a call without a name', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', -32_602],
  [
    'arguments that are no object',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_capacity","arguments":[1]}}',
    -32_602,
  ],
  ['an unknown tool', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"exec"}}', -32_602],
] as const)('a bare POST with %s is a JSON-RPC error inside HTTP 200', async ([, body, code]) => {
  const { url } = await served();

  expect(await send(url, { body })).toMatchObject({ status: 200, body: { jsonrpc: '2.0', error: { code } } });
});

test('a bare notification gets no answer', async () => {
  const { url } = await served();

  expect(await send(url, { body: '{"jsonrpc":"2.0","method":"tools/call"}' })).toEqual({
    status: 202,
    allow: undefined,
    body: undefined,
  });
});

test.for(['legacy', 'auto', { pin: '2026-07-28' }] as const)(
  'a client that speaks %o lists every tool and calls one',
  async (mode) => {
    const { url } = await served();
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));

    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('request_resources');
    expect(client.getInstructions()).toContain('get_capacity');
    const { structuredContent } = await client.callTool({ name: 'get_capacity', arguments: {} });
    expect(structuredContent).toMatchObject({ total_workers: 0, pools: [] });
    await client.close();
  },
);
