import { createServer } from 'node:http';
import { request as sendSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { rootCertificates } from 'node:tls';
import { parse } from 'yaml';
import type { ControlPlane } from '../control-plane/control-plane.ts';

export interface Gateway extends AsyncDisposable {
  readonly port: number;
}

/**
 * Plain HTTP into the API server, for guests whose shell speaks no TLS. It adds nothing: who comes without a token of their own
 * is nobody there.
 */
export async function openGateway(plane: ControlPlane): Promise<Gateway> {
  const { hostname, port } = new URL(plane.server);
  const ca = [...rootCertificates, authorityOf(plane)];
  const server = createServer(({ method, url, headers }, response) => {
    const { authorization, 'content-type': type } = headers;
    const forwarded = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(headers['content-length'] === undefined ? {} : { 'content-length': headers['content-length'] }),
    };
    const call = sendSecurely({ hostname, port, method, path: url, ca, headers: forwarded }, (answer) => {
      const length = answer.headers['content-length'];
      response.writeHead(answer.statusCode ?? 502, {
        'content-type': 'application/json',
        connection: 'close',
        ...(length === undefined ? {} : { 'content-length': length }),
      });
      answer.pipe(response);
    });
    call.once('error', () => void response.writeHead(502, { connection: 'close' }).end());
    response.req.pipe(call);
  });
  // The guest's nc says that it has sent everything, and waits for the answer: Node would take that for a caller who is gone.
  Object.assign(server, { httpAllowHalfOpen: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve: ended } = Promise.withResolvers<void>();
      server.close(() => ended());
      server.closeAllConnections();
      await closed;
    },
  };
}

function authorityOf({ kubeconfig }: ControlPlane): string {
  const { clusters } = parse(kubeconfig) as { clusters: { cluster: { 'certificate-authority-data': string } }[] };
  return Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
}
