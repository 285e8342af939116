import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A document, computed when somebody asks for it. */
export type Answer = (query: URLSearchParams) => unknown;

export interface HttpOptions {
  /** 127.0.0.1 unless probes come from outside the machine. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** What is wrong with the process itself; nothing: healthy. */
  readonly unhealthy?: () => readonly string[];
  /** What it still waits for; nothing: ready. */
  readonly unready: () => readonly string[];
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  /** Further read-only documents by path, answered as JSON. */
  readonly documents?: Readonly<Record<string, Answer>>;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Reply {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
}

type Routes = ReadonlyMap<string, (query: URLSearchParams) => Reply | Promise<Reply>>;

/** Serves /healthz, /readyz, /metrics and the documents. Throws when the port is taken. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const routes = routesOf(options);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void answer(routes, request, response);
  });
  const host = options.host ?? '127.0.0.1';
  await listening(server, options.port, host);
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, close: () => closed(server) };
}

function routesOf({ unhealthy = () => [], unready, metrics, documents = {} }: HttpOptions): Routes {
  return new Map<string, (query: URLSearchParams) => Reply | Promise<Reply>>([
    ['/healthz', () => verdict(unhealthy())],
    ['/readyz', () => verdict(unready())],
    ['/metrics', async () => ({ code: 200, contentType: metrics.contentType, body: await metrics.metrics() })],
    ...Object.entries(documents).map(
      ([path, document]) => [path, async (query: URLSearchParams) => json(200, await document(query))] as const,
    ),
  ]);
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { code, contentType, body } = await replyTo(routes, request);
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function replyTo(routes: Routes, { method, url }: IncomingMessage): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'read only: GET or HEAD');
  const { pathname, searchParams } = new URL(url ?? '/', 'http://localhost');
  const route = routes.get(pathname);
  if (route === undefined) return text(404, `no ${pathname} here, but ${[...routes.keys()].join(', ')}`);
  try {
    return await route(searchParams);
  } catch (error) {
    return json(500, { error: error instanceof Error ? error.message : String(error) });
  }
}

const verdict = (faults: readonly string[]): Reply =>
  faults.length === 0 ? text(200, 'ok') : text(503, faults.join('\n'));
const text = (code: number, body: string): Reply => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});
const json = (code: number, body: unknown): Reply => ({
  code,
  contentType: 'application/json',
  body: `${JSON.stringify(body) ?? 'null'}\n`,
});

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
