import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';
import type { Notices } from '../notices.ts';
import { KEEP_ALIVE_MS } from './answer.ts';
import { type Answerers, answerRequest, LARGEST, PATH } from './answer-request.ts';

/** A connection that is closed while its client sends the next call loses that call: it stays open longer than callers think. */
const KEPT_OPEN_MS = 75_000;

export interface HttpOptions extends Omit<Answerers, 'sdk'> {
  readonly host: string;
  readonly port: number;
  /** Host names (without port) under which clients may reach it: what else asks is a page in somebody's browser. */
  readonly names: readonly string[];
  readonly factory: McpServerFactory;
  /** What clients that listen are told. */
  readonly notices: Notices;
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
  const answerers = { ...options, sdk: toNodeHandler(handler, { onerror: onError }) };
  const guards = [hostHeaderValidation([...options.names]), originValidation([...options.names])];
  const limits = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: KEPT_OPEN_MS };
  const server = createServer(limits, (request, response) => {
    if (!guards.every((passes) => passes(request, response))) return;
    answerRequest(request, response, answerers).catch((error: unknown) => {
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
