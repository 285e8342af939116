import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  hostHeaderValidation,
  type NodeIncomingMessageLike,
  type NodeMcpRequestHandler,
  originValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import {
  type AuthInfo,
  createMcpHandler,
  isJsonContentType,
  type McpServerFactory,
} from '@modelcontextprotocol/server';
import type { Notices } from '../notices.ts';
import type { Peer } from '../peer.ts';
import type { Toolbox } from '../toolbox.ts';
import { KEEP_ALIVE_MS } from './answer.ts';
import { answerCall } from './answer-call.ts';
import { bodyOf, TOO_LARGE } from './body.ts';
import { DEEPEST, isDeep } from './depth.ts';
import type { Gate } from './gate.ts';
import { leftBy } from './left.ts';
import { answerPlain, isPlain } from './plain.ts';
import { refuse, reply } from './replies.ts';
import { toolCallIn } from './tool-call.ts';

const LARGEST = 256 * 1024;
/** A connection that is closed while its client sends the next call loses that call: it stays open longer than callers think. */
const KEPT_OPEN_MS = 75_000;
const PATH = '/mcp';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Host names (without port) under which clients may reach it: what else asks is a page in somebody's browser. */
  readonly names: readonly string[];
  readonly toolbox: Toolbox;
  readonly factory: McpServerFactory;
  /** Who calls, of a request that may have brought a token. */
  readonly peerOf: (authInfo: AuthInfo | undefined) => Peer;
  /** What clients that listen are told. */
  readonly notices: Notices;
  /** Asks for tokens; undefined: whoever reaches this address is let in. */
  readonly gate?: Gate | undefined;
  readonly onError: (error: Error) => void;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves MCP of both eras and bare JSON-RPC at /mcp. Throws when the port is taken. */
export async function serveMcp(options: HttpOptions): Promise<HttpServer> {
  const { host, port, factory, onError } = options;
  const handler = createMcpHandler(factory, {
    keepAliveMs: KEEP_ALIVE_MS,
    maxRequestBodySize: LARGEST,
    onerror: onError,
  });
  const unhear = options.notices.hear({
    updated: (uri) => handler.notify.resourceUpdated(uri),
    listChanged: () => handler.notify.resourcesChanged(),
  });
  const serve = toNodeHandler(handler, { onerror: onError });
  const guards = [hostHeaderValidation([...options.names]), originValidation([...options.names])];
  const limits = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: KEPT_OPEN_MS };
  const server = createServer(limits, (request, response) => {
    if (!guards.every((passes) => passes(request, response))) return;
    answer(request, response, serve, options).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      response.destroy();
    });
  });
  await listening(server, port, host);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}${PATH}`,
    close: async () => {
      unhear();
      await handler.close();
      await closed(server);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  serve: NodeMcpRequestHandler,
  options: HttpOptions,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const { gate } = options;
  if (gate?.tells(pathname, response)) return;
  if (pathname !== PATH) return refuse(response, 404, `Not found: MCP is served at ${PATH}`);
  if (request.method !== 'POST')
    return refuse(response, 405, 'Method not allowed: there are no sessions and no standing streams, only POST', {
      headers: { allow: 'POST' },
    });
  if (!isJsonContentType(request.headers['content-type']))
    return refuse(response, 415, 'Unsupported media type: send Content-Type: application/json');
  const authInfo = await gate?.enter(request, response);
  if (gate !== undefined && authInfo === undefined) return;
  const body = await bodyOf(request, LARGEST);
  if (body === TOO_LARGE)
    return refuse(response, 413, `Body too large: at most ${LARGEST} bytes`, { headers: { connection: 'close' } });
  const parsed = parse(body);
  if (parsed === undefined) return refuse(response, 400, 'Parse error: the body is not JSON', { code: -32_700 });
  if (isDeep(parsed.value)) return refuse(response, 400, `Too deep: at most ${DEEPEST} levels`, { code: -32_600 });
  const { accept, 'mcp-protocol-version': version } = request.headers;
  if (isPlain(accept, typeof version === 'string' ? version : undefined, parsed.value))
    return await plain(parsed.value, request, response, options.toolbox, options.peerOf(authInfo));
  const call = toolCallIn(parsed.value, request.headers);
  if (call !== undefined && options.toolbox.has(call.name))
    return await answerCall(call, response, options.toolbox, options.peerOf(authInfo));
  await serve(
    Object.assign(request as NodeIncomingMessageLike, authInfo && { auth: authInfo }),
    response,
    parsed.value,
  );
}

async function plain(
  body: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  toolbox: Toolbox,
  { principal, granted }: Peer,
): Promise<void> {
  const caller = { principal, client: request.headers['user-agent'] ?? 'unknown' };
  const { traceparent } = request.headers;
  const incoming = { caller, granted, traceparent, signal: leftBy(response), progress: undefined };
  const answered = await answerPlain(body, toolbox, incoming);
  if (answered === undefined) response.writeHead(202).end();
  else reply(response, 200, answered);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise;
}

async function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
