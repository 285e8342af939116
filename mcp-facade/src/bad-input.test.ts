import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { FAILURE_CODES } from './failures.ts';
import { asking } from './testing/asking.ts';
import { capacity, condition, pool, readyWorker, server } from './testing/objects.ts';
import { TOOLS } from './tools/all.ts';

const SAID: Readonly<Record<string, unknown>> = {
  allocations: { phase: 'Failed', conditions: [condition('Finished', 'True', 'QueueTimeout', 'Too long')] },
  workers: { phase: 'Requested', conditions: [condition('Admitted', 'True', 'Admitted')] },
  wishes: { phase: 'Superseded' },
  drains: { phase: 'Drained', conditions: [condition('Drained', 'True', 'Drained')] },
};

/** A world in which every tool would find something, with an operator that answers at once. */
function world() {
  const { cluster, ask } = asking();
  cluster.onCreate = (kind, made) => void cluster.put(kind, { ...made, status: SAID[kind] });
  cluster.put('pools', pool('burst', { status: capacity(10, 0) }));
  cluster.put('servers', server('github', { phase: 'Running', desired: 1 }));
  cluster.put('workers', readyWorker('burst-1'));
  return { cluster, ask };
}

const HUGE = 'x'.repeat(100_000);

test.for([
  ['request_resources', {}, 'job_id'],
  ['request_resources', { job_id: '' }, 'job_id'],
  ['request_resources', { job_id: HUGE }, 'job_id'],
  ['request_resources', { job_id: 'ünïcode' }, 'job_id'],
  ['request_resources', { job_id: 'a\u0000b' }, 'job_id'],
  ['request_resources', { job_id: 7 }, 'job_id'],
  ['request_resources', { job_id: 'a', workers: -1 }, 'workers'],
  ['request_resources', { job_id: 'a', workers: 101 }, 'workers'],
  ['request_resources', { job_id: 'a', workers: 1.5 }, 'workers'],
  ['request_resources', { job_id: 'a', workers: '4' }, 'workers'],
  ['request_resources', { job_id: 'a', workers: true }, 'workers'],
  ['request_resources', { job_id: 'a', workers: null }, 'workers'],
  ['request_resources', { job_id: 'a', ttl_seconds: 0 }, 'ttl_seconds'],
  ['request_resources', { job_id: 'a', ttl_seconds: 59 }, 'ttl_seconds'],
  ['request_resources', { job_id: 'a', ttl_seconds: 1e12 }, 'ttl_seconds'],
  ['request_resources', { job_id: 'a', priority: 'High' }, 'priority'],
  ['request_resources', { job_id: 'a', mcp_servers: 'github' }, 'mcp_servers'],
  ['request_resources', { job_id: 'a', mcp_servers: Array.from({ length: 21 }, () => 'github') }, 'mcp_servers'],
  ['request_resources', { job_id: 'a', mcp_servers: ['../../etc'] }, 'mcp_servers.0'],
  ['request_resources', { job_id: 'a', namespace: 'Kube_System' }, 'namespace'],
  ['request_resources', { job_id: 'a', metadata: { deep: { er: 1 } } }, 'metadata.deep'],
  [
    'request_resources',
    { job_id: 'a', metadata: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, 'v'])) },
    'metadata',
  ],
  ['request_resources', { job_id: 'a', idempotency_key: 'short' }, 'idempotency_key'],
  ['request_resources', { job_id: 'a', timeout: 601 }, 'timeout'],
  ['get_allocation', { allocation_id: 'a/b/c' }, 'allocation_id'],
  ['get_allocation', { allocation_id: '-rf' }, 'allocation_id'],
  ['release_resources', { allocation_id: '../a' }, 'allocation_id'],
  ['list_allocations', { state: 'Active' }, 'state'],
  ['list_allocations', { limit: 0 }, 'limit'],
  ['list_allocations', { limit: 101 }, 'limit'],
  ['list_allocations', { cursor: HUGE }, 'cursor'],
  ['scale_mcp', { name: 'github', replicas: 11 }, 'replicas'],
  ['start_mcp', { name: 'Git Hub' }, 'name'],
  ['stop_mcp', { name: 'github', force: 'yes' }, 'force'],
  ['list_workers', { type_filter: 'spot' }, 'type_filter'],
  ['drain_worker', { worker_id: '--all' }, 'worker_id'],
  ['destroy_worker', { worker_id: 'burst-1', force: 1 }, 'force'],
] as const)('%s with %o is refused for %s, and nothing is written', async ([name, args, field]) => {
  const { cluster, ask } = world();

  const answer = await ask(name, args);
  expect(answer).toMatchObject({ isError: true, code: 'invalid', retryable: false, fields: [field] });
  expect(String(answer['error']).length).toBeLessThan(500);
  expect(cluster.writes).toEqual([]);
});

test('an argument that is missing is said to be', async () => {
  const { ask } = world();

  expect(await ask('request_resources', { workers: 2 })).toMatchObject({
    error: 'job_id is missing',
    fields: ['job_id'],
  });
});

test('arguments nobody knows are named, with what may have been meant', async () => {
  const { ask } = world();

  expect(await ask('get_capacity', { verbose: true })).toMatchObject({
    error: 'Unknown argument verbose: it takes no arguments',
  });
  expect(await ask('list_workers', { typefilter: 'burst' })).toMatchObject({
    error: 'Unknown argument typefilter: did you mean type_filter?',
  });
  expect(await ask('start_mcp', { name: 'github', [HUGE]: 1, '\u001B[2J': 2 })).toMatchObject({
    error: expect.stringMatching(
      /^Unknown argument x{63}…,  \[2J: it takes name, namespace, wait_ready, timeout$/,
    ) as string,
  });
});

/** What every error result has. */
const ErrorResult = z
  .looseObject({
    code: z.enum(FAILURE_CODES),
    message: z.string().min(1),
    error: z.string(),
    retryable: z.boolean(),
    next_step: z.string().min(1),
    request_id: z.uuid(),
  })
  .refine(({ message, error }) => message === error, 'error repeats the message');

/** Values that arguments are not, and now and then are. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('burst-1', 'github', 'alloc-1', '', '../x', 'a'.repeat(300), -1, 0, 11, 1e308, true, null),
);

test.for(TOOLS.map((tool) => [tool.name, tool] as const))(
  '%s answers whatever it is given with a result that says what it is',
  async ([name, tool]) => {
    const known = Object.keys(tool.input.shape).filter((key) => key !== 'timeout' && key !== 'wait_ready');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...known, 'other'), anything), async (args) => {
        const { ask } = world();
        const answer = await ask(name, args);
        const shape = answer['isError'] === true ? ErrorResult : tool.output;
        expect(shape.safeParse(answer).error).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  },
);
