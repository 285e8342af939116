import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';
import { type Certificate, selfSigned } from './certificate.ts';

/** A call as it arrived. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Http2ServerRequest['headers'];
  readonly body: string;
  readonly protocol: string;
}

export type Script = (call: Call, response: Http2ServerResponse) => unknown;

/** An API server over real TLS that says what a test tells it to: for faults that a real one cannot be made to show. */
export class ScriptedServer implements AsyncDisposable {
  readonly calls: Call[] = [];
  readonly certificate: Certificate;
  script: Script;
  /** How many connections were ever opened. */
  connections = 0;
  readonly #server: Http2SecureServer;
  readonly #sockets = new Set<Socket>();

  private constructor(script: Script, certificate: Certificate) {
    this.script = script;
    this.certificate = certificate;
    this.#server = createSecureServer({ ...certificate, allowHTTP1: true });
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(script: Script, certificate = selfSigned()): Promise<ScriptedServer> {
    const server = new ScriptedServer(script, certificate);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return server;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A kubeconfig for this server; `user` as in a kubeconfig. */
  kubeConfig(user: object = { token: 'a-token' }, cluster: object = {}): KubeConfig {
    const caData = Buffer.from(this.certificate.cert).toString('base64');
    const config = new KubeConfig();
    const trust = 'caFile' in cluster ? {} : { caData };
    config.loadFromClusterAndUser(
      { name: 'scripted', server: this.url, skipTLSVerify: false, ...trust, ...cluster },
      { name: 'tester', ...user },
    );
    return config;
  }

  /** From now on it shows another certificate to new connections. */
  present(certificate: Certificate): void {
    this.#server.setSecureContext(certificate);
  }

  /** Resets every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url, this.url);
    const call: Call = {
      method: request.method,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: await text(request),
      protocol: request.httpVersion,
    };
    this.calls.push(call);
    response.on('error', () => undefined);
    await this.script(call, response);
  }
}

/** Answers with JSON. */
export function answer(response: Http2ServerResponse, code: number, body: unknown, headers: object = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Refuses with a Status, as the API server does. */
export function refuse(response: Http2ServerResponse, code: number, reason: string, headers: object = {}): void {
  answer(response, code, { kind: 'Status', status: 'Failure', code, reason, message: `scripted ${reason}` }, headers);
}

/** Sends frames of a watch and leaves it open. */
export function sendFrames(response: Http2ServerResponse, ...frames: unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' });
  for (const frame of frames) response.write(`${JSON.stringify(frame)}\n`);
}
