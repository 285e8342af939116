import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { Exchange } from './exchange.ts';
import { handshake, knock } from './handshake.ts';
import type { Verdict } from './verdict.ts';

const exchange = new Exchange({ connectMs: 1_000, answerMs: 400 });

/** Serves until the test ends; answers where. */
async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

const asked = async (url: URL): Promise<Verdict> => await handshake(exchange, url, 'Service clock');

/** A server with two tools; says which were called. */
function clock(options: { legacy?: 'reject' } = {}): { listener: RequestListener; calls: string[]; methods: string[] } {
  const [calls, methods]: [string[], string[]] = [[], []];
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'clock', version: '1.2.3' });
      for (const name of ['now', 'zone'])
        server.registerTool(name, { description: name, inputSchema: z.object({}) }, () => {
          calls.push(name);
          return { content: [] };
        });
      return server;
    }, options),
  );
  const listener: RequestListener = (request, response) => {
    methods.push(`${request.method} ${String(request.headers['mcp-method'] ?? '')}`.trim());
    void handler(request as Parameters<typeof handler>[0], response);
  };
  return { listener, calls, methods };
}

describe('an MCP server', () => {
  test('of the modern era answers one request, and tells its name, version and tools; none is called', async () => {
    const { listener, calls, methods } = clock();

    expect(await asked(await serve(listener))).toEqual({
      state: 'Answers',
      serverInfo: { name: 'clock', version: '1.2.3', protocolVersion: '2026-07-28', tools: 2 },
    });
    expect(methods).toEqual(['POST server/discover', 'POST tools/list']);
    expect(calls).toEqual([]);
  });

  test('of the older era answers initialize; the session it opened is ended', async () => {
    const seen: string[] = [];
    const url = await serve(legacy(seen));

    expect(await asked(url)).toEqual({
      state: 'Answers',
      serverInfo: { name: 'old', version: '0.1', protocolVersion: '2025-06-18', tools: 3 },
    });
    expect(seen).toEqual([
      'POST server/discover',
      'POST initialize',
      'POST notifications/initialized s-1',
      'POST tools/list s-1',
      'POST tools/list s-1',
      'DELETE s-1',
    ]);
  });

  test('that asks for credentials is not judged', async () => {
    const url = await serve((_, response) => response.writeHead(401).end());

    expect(await asked(url)).toEqual({ state: 'Unreachable', why: 'Service clock asks for credentials (401)' });
  });

  test('that never answers what it does not know is asked the older way', async () => {
    const seen: string[] = [];
    const silentOnDiscover = legacy(seen);
    const url = await serve((request, response) => {
      if (request.headers['mcp-method'] !== 'server/discover') silentOnDiscover(request, response);
    });

    expect(await asked(url)).toMatchObject({ state: 'Answers', serverInfo: { name: 'old' } });
  });
});

describe('what is no MCP server', () => {
  test.for<[string, RequestListener, string]>([
    ['nginx', (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>'), '404 text/html'],
    [
      'a web server that likes everything',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      '200 text/html',
    ],
    [
      'an API that answers JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'),
      '200 application/json',
    ],
    [
      'an API that knows JSON-RPC alone',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"jsonrpc":"2.0","id":1,"result":{"ok":true}}'),
      '200 application/json',
    ],
    [
      'a redirect, which is not followed',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      '307',
    ],
    ['an empty answer', (_, response) => response.writeHead(204).end(), '204'],
  ])('%s is never ready', async ([, listener, answer]) => {
    expect(await asked(await serve(listener))).toEqual({
      state: 'Wrong',
      why: `Service clock answers ${answer}, which is not MCP: check the port and the path, or set spec.probe.type`,
    });
  });

  test('an answer without end is cut off', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => void (response.destroyed || response.write('x'.repeat(64 * 1024), more));
      more();
    });

    expect(await asked(url)).toEqual({
      state: 'Silent',
      why: 'Service clock does not answer (UND_ERR_RES_EXCEEDED_MAX_SIZE)',
    });
  });

  test('an answer that drips is not waited for', async () => {
    const startedAt = performance.now();
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(': still here\n\n'), 100);
      response.on('close', () => clearInterval(timer));
    });

    expect(await asked(url)).toEqual({ state: 'Silent', why: 'Service clock does not answer (no answer in time)' });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

describe('where nothing answers', () => {
  test('a closed port was reached, and is silent', async () => {
    const url = await serve(() => undefined);
    url.port = '1';

    expect(await asked(url)).toEqual({ state: 'Silent', why: 'Service clock does not answer (ECONNREFUSED)' });
  });

  // 100::/64 is where packets are discarded (RFC 6666).
  test('an address without a machine is out of reach: no word on the server', async () => {
    expect(await asked(new URL('http://[100::1]:8080/mcp'))).toMatchObject({ state: 'Unreachable' });
  });

  test('an error of the server is its silence', async () => {
    const url = await serve((_, response) => response.writeHead(503).end());

    expect(await asked(url)).toEqual({ state: 'Silent', why: 'Service clock answers 503' });
  });
});

test('with probe Http any answer but an error of the server will do', async () => {
  expect(await knock(exchange, await answering(404), 'x')).toEqual({ state: 'Answers', serverInfo: undefined });
  expect(await knock(exchange, await answering(500), 'x')).toEqual({ state: 'Silent', why: 'x answers 500' });
});

const answering = (code: number): Promise<URL> => serve((_, response) => response.writeHead(code).end());

/** A server of the older era with a session and two pages of tools. */
function legacy(seen: string[]): RequestListener {
  return (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const session = String(request.headers['mcp-session-id'] ?? '');
      const message = (text === '' ? {} : JSON.parse(text)) as {
        id?: number;
        method?: string;
        params?: { cursor?: string };
      };
      seen.push(`${request.method} ${message.method ?? ''} ${session}`.replaceAll(/ +/g, ' ').trim());
      const answer = (body: object, headers = {}): void => {
        response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
        response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body })}\n\n`);
      };
      if (message.method === 'initialize')
        answer(
          {
            result: {
              protocolVersion: '2025-06-18',
              capabilities: { tools: {} },
              serverInfo: { name: 'old', version: '0.1' },
            },
          },
          { 'mcp-session-id': 's-1' },
        );
      else if (session === '') response.writeHead(400).end('{"jsonrpc":"2.0","error":{"code":-32000},"id":null}');
      else if (message.method === 'tools/list')
        answer({
          result: message.params?.cursor === 'more' ? { tools: [{}] } : { tools: [{}, {}], nextCursor: 'more' },
        });
      else response.writeHead(202).end();
    });
  };
}
