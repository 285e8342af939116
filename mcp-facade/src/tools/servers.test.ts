import type { McpServer, McpServerScale } from '@cortex/crds';
import { expect, onTestFinished, test, vi } from 'vitest';
import { asking } from '../testing/asking.ts';
import type { MemoryCluster } from '../testing/memory-cluster.ts';
import { condition, server } from '../testing/objects.ts';

const stopped = { phase: 'Stopped', desired: 0, replicas: 0, ready: 0 } as const;
const running = (replicas: number) => ({ phase: 'Running', desired: replicas, replicas, ready: replicas }) as const;

type Answer = (wish: McpServerScale) => { wish?: McpServerScale['status']; server?: McpServer['status'] };

/** Plays the operator: answers every new wish. */
function operator(cluster: MemoryCluster, name: string, answer: Answer): void {
  cluster.onCreate = (kind, created) => {
    if (kind !== 'wishes') return;
    const wish = created as McpServerScale;
    const { wish: said = APPLIED, server: status } = answer(wish);
    cluster.put('wishes', { ...wish, status: said });
    if (status !== undefined) cluster.put('servers', server(name, status));
  };
}

const APPLIED = {
  phase: 'Effective' as const,
  acceptedSequence: 1,
  conditions: [condition('Accepted', 'True', 'Accepted'), condition('Applied', 'True', 'Applied')],
};

const wishes = async (cluster: MemoryCluster) =>
  (await cluster.list('wishes')).map(({ spec, metadata }) => ({ ...spec, labels: metadata.labels }));

test('a stopped server is started by a wish for one replica, and waited for', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', stopped));
  operator(cluster, 'github', () => ({ server: running(1) }));

  expect(await ask('start_mcp', { name: 'github' })).toMatchObject({
    isError: false,
    name: 'github',
    namespace: 'default',
    status: 'running',
    replicas: 1,
    ready_replicas: 1,
    wait: { outcome: 'ready' },
  });
  expect(await wishes(cluster)).toEqual([
    {
      serverRef: { name: 'github' },
      replicas: 1,
      policy: 'Set',
      force: false,
      labels: { 'cortex.automation/ephemeral': 'true' },
    },
  ]);
});

test('a server that is not stopped is only waited for', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(3)));

  expect(await ask('start_mcp', { name: 'github' })).toMatchObject({ replicas: 3, wait: { outcome: 'ready' } });
  expect(cluster.writes).toEqual([]);
});

test('a server that does not come up in time goes on starting', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', stopped));
  operator(cluster, 'github', () => ({ server: { phase: 'Scaling', desired: 1, replicas: 1, ready: 0 } }));

  expect(await ask('start_mcp', { name: 'github', timeout: 1 })).toMatchObject({
    isError: false,
    status: 'scaling',
    wait: { outcome: 'timed_out', message: 'It goes on: Scaling: 0 of 1 replicas ready' },
  });
});

test('stop wishes zero and waits until no pod is left', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(2)));
  operator(cluster, 'github', () => ({ server: stopped }));

  expect(await ask('stop_mcp', { name: 'github' })).toMatchObject({
    status: 'stopped',
    wait: { outcome: 'ready' },
    next_step: null,
  });
  expect(await wishes(cluster)).toMatchObject([{ replicas: 0, policy: 'Set', force: false }]);
});

test('what an Allocation needs stays up, and the result says for whom and what to do', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(2)));
  const because = [{ kind: 'Allocation', name: 'alloc-1', wants: 1 }];
  operator(cluster, 'github', () => ({ server: { ...running(1), effective: { replicas: 1, because } } }));

  expect(await ask('stop_mcp', { name: 'github' })).toMatchObject({
    isError: false,
    status: 'running',
    because,
    wait: { outcome: 'conflict', message: 'Kept at 1: Allocation alloc-1 wants 1' },
    next_step: 'It stays up for Allocation alloc-1: release it, or use force.',
  });
});

test('a wish that is the present one is not written again', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(3)));
  operator(cluster, 'github', () => ({}));
  await ask('scale_mcp', { name: 'github', replicas: 3 });
  await ask('scale_mcp', { name: 'github', replicas: 3 });
  expect(cluster.writes).toHaveLength(1);

  await ask('scale_mcp', { name: 'github', replicas: 4 });
  expect(cluster.writes).toHaveLength(2);
});

test('a caller that waits for replicas waits as long for a wish that is taken up late', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));
  const scaled = ask('scale_mcp', { name: 'github', replicas: 3, wait_ready: true, timeout: 60 });
  await vi.advanceTimersByTimeAsync(20_000);
  const [wish] = (await cluster.list('wishes')) as [McpServerScale];

  cluster.put('servers', server('github', running(3)));
  cluster.put('wishes', { ...wish, status: APPLIED });
  expect(await scaled).toMatchObject({ replicas: 3, wait: { outcome: 'ready' } });
});

test('a wish that another process has just replaced is not taken for the present one', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(3)));
  operator(cluster, 'github', () => ({}));
  await ask('scale_mcp', { name: 'github', replicas: 3 });
  const [seen] = (await cluster.list('wishes')) as [McpServerScale];
  vi.spyOn(cluster, 'list').mockResolvedValueOnce([seen]);
  cluster.put('wishes', { ...seen, status: { phase: 'Superseded' } });

  await ask('scale_mcp', { name: 'github', replicas: 3 });
  expect(cluster.writes).toHaveLength(2);
});

test.for([
  ['superseded', { phase: 'Superseded' }, /newer wish/],
  [
    'clamped',
    {
      phase: 'Effective',
      effectiveReplicas: 5,
      conditions: [
        condition('Accepted', 'True', 'Accepted'),
        condition('Applied', 'True', 'Clamped', 'replicas.max is 5'),
      ],
    },
    /replicas.max is 5/,
  ],
] as const)('a wish that is %s says so', async ([outcome, wish, message]) => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(5)));
  operator(cluster, 'github', () => ({ wish: wish as McpServerScale['status'] }));

  expect(await ask('scale_mcp', { name: 'github', replicas: 9 })).toMatchObject({
    isError: false,
    wait: { outcome, message: expect.stringMatching(message) as string },
  });
});

test('what a server said before the wish was applied is no answer to it', async () => {
  const { cluster, ask } = asking();
  const because = [{ kind: 'McpServerScale', name: 'earlier', wants: 1 }];
  cluster.put('servers', server('github', { ...running(1), effective: { replicas: 1, because } }));
  operator(cluster, 'github', () => {
    cluster.unseen.push(() => cluster.put('servers', server('github', running(3))));
    return {};
  });

  expect(await ask('scale_mcp', { name: 'github', replicas: 3, wait_ready: true })).toMatchObject({
    replicas: 3,
    wait: { outcome: 'ready' },
  });
});

test('what a wish said before it was edited is no answer either', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));
  const edited = { name: 'by-hand', namespace: 'default', generation: 2 };
  const spec = { serverRef: { name: 'github' }, replicas: 3, policy: 'Set' };
  cluster.put('wishes', { metadata: edited, spec, status: { ...APPLIED, acceptedGeneration: 1 } });

  expect(await ask('scale_mcp', { name: 'github', replicas: 3, wait_ready: true, timeout: 1 })).toMatchObject({
    wait: { outcome: 'timed_out', message: 'The wish is written, but the operator has not applied it yet' },
  });
});

test('somebody else who keeps changing the replicas is named', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));
  const conflict = condition('ScaleConflict', 'True', 'Scaling', 'Field manager argocd keeps undoing it');
  operator(cluster, 'github', () => ({ server: { ...running(1), conditions: [conflict] } }));

  expect(await ask('scale_mcp', { name: 'github', replicas: 2 })).toMatchObject({
    wait: { outcome: 'conflict', message: 'Field manager argocd keeps undoing it' },
  });
});

test('what keeps a wish from being applied ends the wait for it', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));
  const why = condition('Applied', 'False', 'AutoscalerPresent', 'HorizontalPodAutoscaler by-load scales it');
  const conditions = [condition('Accepted', 'True', 'Accepted'), why];
  operator(cluster, 'github', () => ({ wish: { phase: 'Waiting', conditions } }));

  expect(await ask('scale_mcp', { name: 'github', replicas: 2, wait_ready: true })).toMatchObject({
    wait: { outcome: 'conflict', message: 'HorizontalPodAutoscaler by-load scales it' },
  });
});

test('an unknown server is not found in the namespace that was meant, with near names', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));
  cluster.put('servers', server('postgres', running(1), { namespace: 'data' }));

  for (const name of ['get_mcp_status', 'start_mcp', 'stop_mcp'])
    expect(await ask(name, { name: 'githab' })).toMatchObject({
      code: 'not_found',
      error: "MCP server 'githab' not found in namespace 'default'",
      near: ['github'],
    });
  expect(await ask('get_mcp_status', { name: 'postgres', namespace: 'jobs' })).toMatchObject({
    error: "MCP server 'postgres' not found in namespace 'jobs'",
  });
  expect(await ask('get_mcp_status', { name: 'postgres' })).toMatchObject({ namespace: 'data', status: 'running' });
});

test.for([
  [11, 'Replicas must be between 0 and 10, got: 11'],
  [-1, 'Replicas must be between 0 and 10, got: -1'],
  [1.5, 'Replicas must be an integer'],
  [true, 'Replicas must be an integer'],
  ['3', 'Replicas must be an integer'],
  [undefined, 'Replicas must be an integer'],
] as const)('replicas %s is refused word for word', async ([replicas, error]) => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1)));

  expect(await ask('scale_mcp', { name: 'github', replicas })).toMatchObject({
    code: 'invalid',
    error,
    fields: ['replicas'],
  });
  expect(cluster.writes).toEqual([]);
});

test('list_mcp_servers spans all namespaces, and selects by label', async () => {
  const { cluster, ask } = asking();
  cluster.put('servers', server('github', running(1), { labels: { tier: 'code' } }));
  cluster.put('servers', server('postgres', stopped, { namespace: 'data', labels: { tier: 'data' } }));

  expect(await ask('list_mcp_servers')).toMatchObject({
    items: [
      { name: 'postgres', namespace: 'data', status: 'stopped' },
      { name: 'github', namespace: 'default', status: 'running' },
    ],
    next_cursor: null,
  });
  expect(await ask('list_mcp_servers', { label_selector: 'tier in (code)' })).toMatchObject({
    items: [{ name: 'github' }],
  });
  expect(await ask('list_mcp_servers', { namespace: 'data' })).toMatchObject({ items: [{ name: 'postgres' }] });
  expect(await ask('list_mcp_servers', { label_selector: 'tier is code' })).toMatchObject({ code: 'invalid' });
});
