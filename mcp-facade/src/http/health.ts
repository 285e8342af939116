import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpServer } from './serve.ts';

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  /** What it still waits for; empty: ready. */
  readonly unready: () => string;
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
}

/** Serves /healthz, /readyz and /metrics, apart from what clients reach. Throws when the port is taken. */
export async function serveHealth(options: HealthOptions): Promise<HttpServer> {
  const { host, port } = options;
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise;
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function answer(url: string, response: ServerResponse, { unready, metrics }: HealthOptions): Promise<void> {
  const { pathname } = new URL(url, 'http://localhost');
  if (pathname === '/healthz') return say(response, 200, 'ok');
  if (pathname === '/readyz') return unready() === '' ? say(response, 200, 'ok') : say(response, 503, unready());
  if (pathname === '/metrics') return say(response, 200, await metrics.metrics(), metrics.contentType);
  say(response, 404, 'there are /healthz, /readyz and /metrics');
}

function say(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(`${text}\n`);
}
