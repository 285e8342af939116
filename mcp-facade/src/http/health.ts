import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpServer } from './serve.ts';

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  /** What it still waits for; empty: ready. */
  readonly unready: () => string;
}

/** Serves /healthz and /readyz, apart from what clients reach. Throws when the port is taken. */
export async function serveHealth({ host, port, unready }: HealthOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const faults = VERDICTS[request.url ?? '']?.(unready);
    if (faults === undefined) say(response, 404, 'there are /healthz and /readyz');
    else if (faults === '') say(response, 200, 'ok');
    else say(response, 503, faults);
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

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

const VERDICTS: Readonly<Record<string, (unready: () => string) => string>> = {
  '/healthz': () => '',
  '/readyz': (unready) => unready(),
};
