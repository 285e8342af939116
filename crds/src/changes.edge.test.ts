import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { kindOf } from './kinds.ts';
import { API_VERSION } from './names.ts';
import { type Answer, apiServer, dryRun, pathOf } from './testing/api-server.ts';

const server = apiServer();
afterAll(() => server.close());

/** Creates an object that goes when the test ends; returns its path. */
async function existing(kind: string, spec: object): Promise<string> {
  const source = kindOf(kind);
  const name = `changes-${crypto.randomUUID().slice(0, 8)}`;
  const created = await server.call('POST', pathOf(source), {
    apiVersion: API_VERSION,
    kind,
    metadata: { name },
    spec,
  });
  expect(created.body.message).toBeUndefined();
  const path = `${pathOf(source)}/${name}`;
  onTestFinished(async () => void (await server.call('DELETE', path)));
  return path;
}

const change = async (kind: string, before: object, after: object): Promise<Answer> =>
  await server.call('PATCH', `${await existing(kind, before)}${dryRun}`, { spec: after });

const POOL = { class: 'Burst', provider: { type: 'Kwok' } };
const ALLOCATION = { jobId: 'job', workers: { count: 4 }, takesOver: 'before' };
const ANOTHER = 'is immutable: create another';

describe('refuses', () => {
  test.for<[kind: string, what: string, before: object, after: object, says: string]>([
    ['WorkerPool', 'another provider', POOL, { provider: { type: 'Qemu' } }, `provider.type ${ANOTHER} WorkerPool`],
    [
      'WorkerPool',
      'to lose its provider',
      POOL,
      { class: 'Permanent', provider: null },
      `provider.type ${ANOTHER} WorkerPool`,
    ],
    ['WorkerPool', 'to gain a provider', { class: 'Permanent' }, POOL, `provider.type ${ANOTHER} WorkerPool`],
    [
      'Allocation',
      'another number of workers',
      ALLOCATION,
      { workers: { count: 5 } },
      `workers ${ANOTHER} Allocation, with spec.takesOver`,
    ],
    ['Allocation', 'to lose its workers', ALLOCATION, { workers: null }, `workers ${ANOTHER} Allocation`],
    ['Allocation', 'to gain servers', ALLOCATION, { mcpServers: ['a'] }, `mcpServers ${ANOTHER} Allocation`],
    ['Allocation', 'another jobId', ALLOCATION, { jobId: 'other' }, `jobId ${ANOTHER} Allocation`],
    ['Allocation', 'another priority', ALLOCATION, { priority: 'High' }, `priority ${ANOTHER} Allocation`],
    ['Allocation', 'another ceiling', ALLOCATION, { maxLifetime: '48h' }, `maxLifetime ${ANOTHER} Allocation`],
    ['Allocation', 'another hand-over', ALLOCATION, { takesOver: null }, `takesOver ${ANOTHER} Allocation`],
    ['Allocation', 'a ttl over its ceiling', ALLOCATION, { ttl: '25h' }, 'ttl must not be longer than maxLifetime'],
    ['BurstWorker', 'another pool', { pool: 'burst' }, { pool: 'spot' }, `pool ${ANOTHER} BurstWorker`],
    ['BurstWorker', 'a size later', { pool: 'burst' }, { size: 'large' }, `size ${ANOTHER} BurstWorker`],
    ['BurstWorker', 'another size', { pool: 'burst', size: 'small' }, { size: 'large' }, `size ${ANOTHER} BurstWorker`],
    ['NodeDrain', 'another Node', { nodeName: 'a' }, { nodeName: 'b' }, `nodeName ${ANOTHER} NodeDrain`],
    [
      'McpServer',
      'another workload',
      { workloadRef: { name: 'a' } },
      { workloadRef: { name: 'b' } },
      `workloadRef ${ANOTHER} McpServer`,
    ],
    [
      'McpServerScale',
      'another server',
      { serverRef: { name: 'a' } },
      { serverRef: { name: 'b' } },
      `serverRef ${ANOTHER} McpServerScale`,
    ],
  ])('%s: %s', async ([kind, , before, after, says]) => {
    const { status, body } = await change(kind, before, after);

    expect(status).toBe(422);
    expect(body.message).toContain(says);
  });
});

describe('allows', () => {
  test.for<[kind: string, what: string, before: object, after: object]>([
    ['Allocation', 'a longer ttl', ALLOCATION, { ttl: '2h' }],
    ['Allocation', 'a shorter ttl', ALLOCATION, { ttl: '60s' }],
    ['BurstWorker', 'a ttl later', { pool: 'burst' }, { ttl: '8h' }],
    ['BurstWorker', 'protection', { pool: 'burst' }, { deletionProtection: true }],
    [
      'WorkerPool',
      'other limits and sizes',
      POOL,
      { limits: { workers: 1 }, sizes: [{ name: 'medium', cpu: '1', memory: '1Gi' }] },
    ],
    ['WorkerPool', 'another boot delay', POOL, { provider: { kwok: { bootDelay: '1s' } } }],
    ['NodeDrain', 'a shorter timeout', { nodeName: 'a' }, { timeout: '1m' }],
    ['McpServerScale', 'other replicas', { serverRef: { name: 'a' } }, { replicas: 0 }],
  ])('%s: %s', async ([kind, , before, after]) => {
    expect((await change(kind, before, after)).body.message).toBeUndefined();
  });

  test('McpServerScale: kubectl scale, with the same bounds', async () => {
    const path = await existing('McpServerScale', { serverRef: { name: 'a' } });

    expect(await server.call('PATCH', `${path}/scale`, { spec: { replicas: 4 } })).toMatchObject({ status: 200 });
    expect(await server.call('GET', path)).toMatchObject({ body: { spec: { replicas: 4 } } });
    expect(await server.call('PATCH', `${path}/scale`, { spec: { replicas: 11 } })).toMatchObject({ status: 422 });
  });
});
