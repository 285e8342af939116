import type { McpServer } from '@cortex/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorWrites, wordsOf } from './system/operator-writes.ts';
import { beginWithServers, isReady, node, reasonOf, type ServerStory, wish, workload } from './system/servers.ts';

let { story, servers, wishes } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers, wishes } = await beginWithServers({ auditPolicy: true }));
});
afterAll(() => story.end());

const at =
  (phase: string, ready: number) =>
  ({ status }: McpServer): boolean =>
    status?.phase === phase && status.ready === ready && status.desired === (phase === 'Stopped' ? 0 : ready);

/** What the operator wrote since, in order. */
async function writesSince(since: number): Promise<string[]> {
  const all = await operatorWrites(story.plane);
  return all.slice(since).map((entry) => `${wordsOf(entry)} ${entry.name}`);
}

const writes = async (): Promise<number> => (await writesSince(0)).length;

test('a server is Pending while no pod is on a Node, Scaling while none is ready, and Running then', async () => {
  await story.apply(node('dead', { dead: true }) + '---' + workload('stuck', { pod: 'nodeName: dead' }));
  const scaling = await servers.until('default/stuck', ({ status }) => status?.phase === 'Scaling');
  expect(reasonOf(scaling, 'Ready', 'False')).toBe('Scaling');

  await story.apply(workload('early'));
  const pending = await servers.until('default/early', ({ status }) => status?.phase === 'Pending');
  expect(reasonOf(pending, 'Ready', 'False')).toBe('Pending');

  await story.apply(node('node-1'));
  await servers.until('default/early', at('Running', 1));
});

test('a stopped server starts by a wish, scales, and stops again; zero by intent is healthy and says why', async () => {
  await story.apply(workload('clock', { replicas: 0 }));
  const before = await servers.until('default/clock', at('Stopped', 0));
  expect(reasonOf(before, 'Ready')).toBe('Stopped');

  await story.apply(wish('want', 'clock', 1));
  await wishes.until('default/want', isReady);
  await servers.until('default/clock', at('Running', 1));

  await story.kubectl('scale', 'mss', 'want', '--replicas=0');
  const stopped = await servers.until('default/clock', at('Stopped', 0));
  expect(stopped.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Ready',
      status: 'True',
      message: 'No replica is wanted, and none is there: McpServerScale want wants 0',
    }),
  );
  await story.kubectl('delete', 'mss', 'want');
});

test('every number from 0 to 10 can be wished, and none beyond', async () => {
  await story.apply(workload('range', { replicas: 0 }) + '---' + wish('range', 'range', 0));
  for (const replicas of [1, 10, 7, 0, 2]) {
    await story.kubectl('scale', 'mss', 'range', `--replicas=${replicas}`);
    await servers.until('default/range', at(replicas === 0 ? 'Stopped' : 'Running', replicas));
  }
  await expect(story.kubectl('scale', 'mss', 'range', '--replicas=11')).rejects.toThrow('less than or equal to 10');
  await story.kubectl('delete', 'mss', 'range');
});

describe('a change of scale', () => {
  test('costs one write to the workload, one to the wish and one to the server', async () => {
    await story.apply(workload('budget') + '---' + wish('budget', 'budget', 1));
    await wishes.until('default/budget', isReady);
    const before = await writes();

    await story.kubectl('scale', 'mss', 'budget', '--replicas=3');
    await servers.until('default/budget', at('Running', 3));
    await wishes.until('default/budget', (each) => isReady(each) && each.status?.replicas === 3);

    expect(await writesSince(before)).toEqual([
      'patch deployments/scale budget',
      'update mcpservers/status budget',
      'update mcpserverscales/status budget',
    ]);
  });

  test('the scale subresource tells an autoscaler how many pods there are, and which', async () => {
    const scale = JSON.parse(
      await story.kubectl(
        'get',
        '--raw',
        '/apis/cortex.automation/v1alpha1/namespaces/default/mcpserverscales/budget/scale',
      ),
    ) as object;

    expect(scale).toMatchObject({ spec: { replicas: 3 }, status: { replicas: 3, selector: 'app=budget' } });
  });

  test('a wish for what is there already costs no write to the workload', async () => {
    const before = await writes();
    await story.apply(wish('again', 'budget', 3));
    await wishes.until('default/again', isReady);
    await wishes.until('default/budget', ({ status }) => status?.phase === 'Superseded');

    expect((await writesSince(before)).filter((each) => each.includes('deployments'))).toEqual([]);
  });

  test('an operator that starts again over servers at rest writes nothing', async () => {
    await story.operator.end();
    const before = await writes();

    await story.restartOperator();
    await story.apply(workload('witness'));
    await servers.until('default/witness', at('Running', 1));

    expect(await writesSince(before)).toEqual(['create mcpservers witness', 'update mcpservers/status witness']);
  });
});

test('Set, AtLeast and Override: the newest of the first and last, raised by floors, but by none before an Override', async () => {
  await story.apply(workload('orders') + '---' + wish('set', 'orders', 3));
  await servers.until('default/orders', at('Running', 3));
  await story.apply(wish('floor', 'orders', 2, 'policy: AtLeast'));
  await story.apply(wish('later', 'orders', 1));
  await servers.until('default/orders', at('Running', 2));
  expect((await wishes.until('default/set', ({ status }) => status?.phase === 'Superseded')).status?.phase).toBe(
    'Superseded',
  );

  await story.apply(wish('override', 'orders', 0, 'policy: Override'));
  await servers.until('default/orders', at('Stopped', 0));
  await wishes.until('default/floor', ({ status }) => status?.phase === 'Superseded');

  await story.apply(wish('floor-after', 'orders', 1, 'policy: AtLeast'));
  await servers.until('default/orders', at('Running', 1));

  await story.kubectl('delete', 'mss', 'override');
  const back = await servers.until('default/orders', at('Running', 2));
  expect(back.status?.effective).toEqual({
    replicas: 2,
    because: [{ kind: 'McpServerScale', name: 'floor', wants: 2 }],
  });
  await story.kubectl('delete', 'mss', 'set', 'later', 'floor', 'floor-after');
  await servers.until('default/orders', at('Running', 1));
});

test('of two wishes made within one second the later one wins, whatever they are called', async () => {
  await story.apply(workload('race'));
  await servers.until('default/race', at('Running', 1));
  for (const [first, second] of [
    ['a', 'b'],
    ['d', 'c'],
  ] as const) {
    await story.apply([wish(first, 'race', 5), wish(second, 'race', 2)].join('---'));
    await wishes.until(`default/${second}`, isReady);
    const lost = await wishes.until(`default/${first}`, ({ status }) => status?.phase === 'Superseded');
    expect(reasonOf(lost, 'Accepted', 'False')).toBe('Superseded');
    await servers.until('default/race', at('Running', 2));
  }
  await story.kubectl('delete', 'mss', 'a', 'b', 'c', 'd');
});

test('a wish with a ttl lapses by itself, and the server falls back to what it had', async () => {
  await story.apply(workload('short') + '---' + wish('short', 'short', 2, 'ttl: 3s'));
  await servers.until('default/short', at('Running', 2));

  await servers.until('default/short', at('Running', 1));
  expect((await wishes.until('default/short', ({ status }) => status?.phase === 'Lapsed')).spec.replicas).toBe(2);
});

test('a StatefulSet is a server like any other', async () => {
  await story.apply(workload('store', { kind: 'StatefulSet' }) + '---' + wish('store', 'store', 2));
  const running = await servers.until('default/store', at('Running', 2));

  expect(running.spec.workloadRef).toEqual({ kind: 'StatefulSet', name: 'store' });
});

test('3 wanted and 1 ready: asking for one changes nothing', async () => {
  await story.apply(node('narrow', { pods: 1 }));
  await story.apply(workload('partly', { replicas: 3, pod: 'nodeSelector: {kubernetes.io/hostname: narrow}' }));
  await servers.until('default/partly', ({ status }) => status?.phase === 'Scaling' && status.ready === 1);
  const before = await writes();

  await story.apply(wish('partly', 'partly', 1, 'policy: AtLeast'));
  await wishes.until('default/partly', ({ status }) => status?.phase === 'Effective');

  expect((await writesSince(before)).filter((each) => each.includes('deployments'))).toEqual([]);
});
