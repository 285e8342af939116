import { expect, onTestFinished, test } from 'vitest';
import { type HttpOptions, serveHttp } from './http.ts';
import { createMetrics } from './metrics.ts';

async function serve(
  options: Partial<HttpOptions> = {},
): Promise<(path: string, init?: RequestInit) => Promise<[number, string]>> {
  const server = await serveHttp({ port: 0, unready: () => [], metrics: createMetrics().registry, ...options });
  onTestFinished(() => server.close());
  return async (path, init) => {
    const response = await fetch(server.url + path, init);
    return [response.status, (await response.text()).trim()];
  };
}

test('a process is healthy and ready, or says why not', async () => {
  const get = await serve({ unready: () => ['copy of pods: 40 s without a watch'] });

  expect(await get('/healthz')).toEqual([200, 'ok']);
  expect(await get('/readyz')).toEqual([503, 'copy of pods: 40 s without a watch']);
});

test('further documents are computed when asked for', async () => {
  const get = await serve({ documents: { '/queue': (query) => ({ pool: query.get('pool'), pending: 3 }) } });

  expect(await get('/queue?pool=burst')).toEqual([200, '{"pool":"burst","pending":3}']);
});

test('nothing can be written, and what is not there says what is', async () => {
  const get = await serve();

  expect((await get('/healthz', { method: 'POST' }))[0]).toBe(405);
  expect(await get('/nothing')).toEqual([404, 'no /nothing here, but /healthz, /readyz, /metrics']);
});

test('a document that fails is an error of that document', async () => {
  const get = await serve({ documents: { '/broken': () => Promise.reject(new Error('not synced')) } });

  expect(await get('/broken')).toEqual([500, '{"error":"not synced"}']);
  expect(await get('/healthz')).toEqual([200, 'ok']);
});

test('a port that is taken is an error', async () => {
  const taken = await serveHttp({ port: 0, unready: () => [], metrics: createMetrics().registry });
  onTestFinished(() => taken.close());

  await expect(serve({ port: Number(new URL(taken.url).port) })).rejects.toThrow('EADDRINUSE');
});
