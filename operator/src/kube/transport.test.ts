import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { selfSigned } from '../testing/certificate.ts';
import { answer, refuse, type Script, ScriptedServer, sendFrames } from '../testing/scripted-server.ts';
import { openTransport, type Transport, type TransportOptions } from './transport.ts';

afterEach(() => void vi.useRealTimers());

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

async function open(kubeConfig: KubeConfig, options: TransportOptions = {}): Promise<Transport> {
  const transport = await openTransport(kubeConfig, options);
  onTestFinished(() => transport.close());
  return transport;
}

function fileOf(content: string): { path: string; write(content: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'transport-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return { path, write: (next) => writeFileSync(path, next) };
}

/** The credentials are read again after 30 s; only the clocks that tell it are moved. */
const halfAMinuteLater = (): void => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'], now: Date.now() + 61_000 });
  vi.advanceTimersByTime(61_000);
};

test('a hundred calls at once and a watch use two connections, over HTTP/2', async () => {
  const server = await serve(({ query }, response) =>
    query.has('watch') ? sendFrames(response) : answer(response, 200, {}),
  );
  const transport = await open(server.kubeConfig());
  const cut = new AbortController();
  const opened = Promise.withResolvers<void>();
  const watching = transport.watch('/api/v1/pods', {}, cut.signal, opened.resolve).next();
  await opened.promise;
  await Promise.all(Array.from({ length: 100 }, () => transport.call('GET', '/api/v1/pods')));
  cut.abort();

  await expect(watching).rejects.toThrow();
  expect(server.connections).toBe(2);
  expect(server.calls.at(-1)?.protocol).toBe('2.0');
});

test('HTTP/1.1 is spoken when asked for', async () => {
  const server = await serve((_, response) => answer(response, 200, { ok: true }));
  const transport = await open(server.kubeConfig(), { http2: false });

  expect(await transport.call('GET', '/version')).toEqual({ ok: true });
  expect(server.calls[0]?.protocol).toBe('1.1');
});

test('calls are no more than the client allows itself; leases and Events do not wait behind them', async () => {
  const server = await serve((_, response) => answer(response, 200, {}));
  const transport = await open(server.kubeConfig(), { allowance: { qps: 0.01, burst: 2 } });
  const pods = Array.from({ length: 2 }, () => transport.call('GET', '/api/v1/pods'));
  await Promise.all(pods);

  const late = transport.call('POST', '/api/v1/namespaces/a/pods', { body: {}, timeoutMs: 50 });
  await expect(late).rejects.toMatchObject({ reason: 'Timeout' });
  await transport.call('PUT', '/apis/coordination.k8s.io/v1/namespaces/a/leases/b', { body: {} });
  await transport.call('POST', '/apis/events.k8s.io/v1/namespaces/a/events', { body: {} });

  expect(server.calls.map(({ path }) => path.split('/').at(-1))).toEqual(['pods', 'pods', 'b', 'events']);
});

test('a call carries token, user agent, query and body', async () => {
  const server = await serve((_, response) => answer(response, 201, {}));
  const transport = await open(server.kubeConfig({ token: 'secret' }), { userAgent: 'cortex-operator/1' });
  await transport.call('POST', '/api/v1/pods', { query: { a: 1, b: undefined }, body: { x: 'y' } });

  const [call] = server.calls;
  expect(call?.headers).toMatchObject({ authorization: 'Bearer secret', 'user-agent': 'cortex-operator/1' });
  expect([call?.query.toString(), call?.body]).toEqual(['a=1', '{"x":"y"}']);
});

test('a server behind a path is called behind that path', async () => {
  const server = await serve((_, response) => answer(response, 200, {}));
  const transport = await open(server.kubeConfig({}, { server: `${server.url}/k8s/clusters/c-1/` }));
  await transport.call('GET', '/version');

  expect(server.calls[0]?.path).toBe('/k8s/clusters/c-1/version');
});

test('a rotated token is used without a restart, and its final newline is not sent', async () => {
  const token = fileOf('first\n');
  const server = await serve((_, response) => answer(response, 200, {}));
  const user = { authProvider: { name: 'tokenFile', config: { tokenFile: token.path } } };
  const transport = await open(server.kubeConfig(user));
  await transport.call('GET', '/version');
  token.write('second\n');
  await transport.call('GET', '/version');
  halfAMinuteLater();
  await transport.call('GET', '/version');

  expect(server.calls.map((call) => call.headers.authorization)).toEqual([
    'Bearer first',
    'Bearer first',
    'Bearer second',
  ]);
});

test('after the authority was rotated, new connections trust the new one', async () => {
  const server = await serve((_, response) => answer(response, 200, {}));
  const authority = fileOf(server.certificate.cert);
  const transport = await open(server.kubeConfig({}, { caFile: authority.path }));
  await transport.call('GET', '/version');
  const next = selfSigned('next');
  server.present(next);
  authority.write(next.cert);
  server.cut();
  halfAMinuteLater();

  expect(await transport.call('GET', '/version')).toEqual({});
  expect(server.connections).toBeGreaterThan(1);
});

test('a server that shows another certificate is not spoken to', async () => {
  const server = await serve((_, response) => answer(response, 200, {}));
  const transport = await open(server.kubeConfig({}, { caData: Buffer.from(selfSigned().cert).toString('base64') }));

  await expect(transport.call('POST', '/version')).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
  expect(server.calls).toEqual([]);
});

test('a read is repeated when the server is busy, after the time it asks for', async () => {
  const server = await serve((_, response) =>
    server.calls.length < 3
      ? refuse(response, 429, 'TooManyRequests', { 'retry-after': '0' })
      : answer(response, 200, { ok: true }),
  );
  const transport = await open(server.kubeConfig());

  expect(await transport.call('GET', '/api/v1/pods')).toEqual({ ok: true });
  expect(server.calls.length).toBe(3);
});

test('a read is repeated when the connection is reset', async () => {
  const server = await serve((_, response) =>
    server.calls.length < 2 ? server.cut() : answer(response, 200, { ok: true }),
  );
  const transport = await open(server.kubeConfig());

  expect(await transport.call('GET', '/api/v1/pods')).toEqual({ ok: true });
});

test('a write is never repeated: it may have happened', async () => {
  const server = await serve(() => server.cut());
  const transport = await open(server.kubeConfig());

  await expect(transport.call('POST', '/api/v1/pods', { body: {} })).rejects.toMatchObject({
    status: 0,
    reason: 'Unreachable',
  });
  expect(server.calls.length).toBe(1);
});

test('a silent server is given up after the time limit', async () => {
  const server = await serve(() => undefined);
  const transport = await open(server.kubeConfig());

  await expect(transport.call('GET', '/version', { timeoutMs: 50 })).rejects.toMatchObject({
    status: 0,
    reason: 'Timeout',
  });
});

test('an answer cut inside its JSON is an error, not half an object', async () => {
  const server = await serve((_, response) => response.writeHead(200).end('{"items":[{"a"'));
  const transport = await open(server.kubeConfig());

  await expect(transport.call('POST', '/version')).rejects.toMatchObject({ status: 0, reason: 'MalformedAnswer' });
});

test('a refused watch says why, and one that is cut fails', async () => {
  const server = await serve((_, response) =>
    server.calls.length === 1
      ? refuse(response, 429, 'TooManyRequests', { 'retry-after': '1' })
      : sendFrames(response, { type: 'ADDED', object: {} }),
  );
  const transport = await open(server.kubeConfig());
  const { signal } = new AbortController();
  await expect(transport.watch('/api/v1/pods', {}, signal).next()).rejects.toMatchObject({
    status: 429,
    retryAfterMs: 1000,
  });

  const watch = transport.watch('/api/v1/pods', {}, signal);
  expect((await watch.next()).value).toEqual([{ type: 'ADDED', object: {} }]);
  server.cut();
  await expect(watch.next()).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
});

test('observers hear of every call without names, and of the time the server says', async () => {
  const server = await serve((_, response) =>
    refuse(response, 404, 'NotFound', { date: 'Mon, 01 Jan 2035 00:00:00 GMT' }),
  );
  const [called, dated] = [
    vi.fn<(call: object) => void>(),
    vi.fn<(date: string, sent: number, received: number) => void>(),
  ];
  const transport = await open(server.kubeConfig(), { observer: { called, dated } });
  await transport.call('DELETE', '/api/v1/namespaces/a/pods/b').catch(() => undefined);

  expect(called.mock.calls[0]?.[0]).toMatchObject({ method: 'DELETE', resource: 'pods', code: 404 });
  const [date, sentAt = 0, receivedAt = 0] = dated.mock.calls[0] ?? [];
  expect(date).toBe('Mon, 01 Jan 2035 00:00:00 GMT');
  expect(receivedAt).toBeGreaterThanOrEqual(sentAt);
});

test('no error shows the token', async () => {
  const server = await serve((_, response) => refuse(response, 401, 'Unauthorized'));
  const transport = await open(server.kubeConfig({ token: 'very-secret' }));
  const error: unknown = await transport.call('GET', '/version').catch((refusal: unknown) => refusal);

  expect(JSON.stringify([String(error), error, Object.entries(error as object)])).not.toContain('very-secret');
});

test.for([
  ['an empty kubeconfig', new KubeConfig()],
  ['the silent fallback of client-node', fallback()],
] as const)('%s is refused at once, with what to do', async ([, kubeConfig]) => {
  await expect(openTransport(kubeConfig)).rejects.toThrow('No Kubernetes cluster is configured: set KUBECONFIG');
});

function fallback(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'cluster', server: 'http://localhost:8080', skipTLSVerify: false },
    { name: 'user' },
  );
  return config;
}
