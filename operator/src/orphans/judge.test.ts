import { describe, expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import type { VmView } from '../providers/provider.ts';
import { aNode, at, UID } from '../testing/workers.ts';
import { type Judgement, judge } from './judge.ts';
import { type Listing, type Look, NOTHING_SEEN } from './seen.ts';

const OTHER = '11111111-93a5-4d0e-a3f6-6f1f6a8f3f10';

const machine = (more: Partial<VmView> = {}): VmView => ({
  id: '101',
  host: 'pve1',
  state: 'running',
  clusterId: 'here',
  workerUid: UID,
  ...more,
});

const listing = (machines: Listing['machines'], more: Partial<Listing> = {}): Listing => ({
  pool: 'burst',
  provider: 'Proxmox',
  joinTimeoutMs: 15 * 60_000,
  machines,
  ...more,
});

type Scene = Partial<Omit<Look, 'before'>>;

/** What a row of looks comes to, each at its moment. */
function looks(...scenes: [time: string, scene: Scene][]): Judgement {
  let last: Judgement = { memory: NOTHING_SEEN, leaks: [] };
  for (const [time, scene] of scenes)
    last = judge(
      {
        clusterId: 'here',
        listings: [listing([machine()])],
        workers: new Set([OTHER]),
        nodes: [],
        ...scene,
        before: last.memory,
      },
      at(time),
    );
  return last;
}

const said = ({ leaks }: Judgement): string[] => leaks.map(({ key, held }) => `${key}: ${held ?? 'goes'}`);
const LEAK = `Machine Proxmox 101 ${UID}`;

describe('S6: a machine of ours without a BurstWorker', () => {
  test('goes after two sightings ten minutes apart, once it is older than a machine may take to join', () => {
    expect(said(looks(['10:00:00', {}]))).toEqual([]);
    expect(said(looks(['10:00:00', {}], ['10:14:59', {}]))).toEqual([]);
    expect(said(looks(['10:00:00', {}], ['10:15:00', {}]))).toEqual([`${LEAK}: goes`]);

    const quick = { listings: [listing([machine()], { joinTimeoutMs: 60_000 })] };
    expect(said(looks(['10:00:00', quick], ['10:09:59', quick]))).toEqual([]);
    expect(said(looks(['10:00:00', quick], ['10:10:00', quick]))).toEqual([`${LEAK}: goes`]);
  });

  test('is one machine, however many pools of a provider show it, and waits for the most patient of them', () => {
    const listings = [
      listing([machine()], { pool: 'b', joinTimeoutMs: 60_000 }),
      listing([machine()], { pool: 'a', joinTimeoutMs: 30 * 60_000 }),
    ];
    const { leaks } = looks(['10:00:00', { listings }], ['10:30:00', { listings }]);

    expect(leaks.map(({ pool }) => pool)).toEqual(['a']);
    expect(said(looks(['10:00:00', { listings }], ['10:29:59', { listings }]))).toEqual([]);
  });

  test('is looked at from the beginning once it was claimed or gone in between', () => {
    const claimed = { workers: new Set([OTHER, UID]) };
    const gone = { listings: [listing([machine({ id: '102', workerUid: OTHER })])] };

    expect(said(looks(['10:00:00', {}], ['10:10:00', claimed], ['10:20:00', {}]))).toEqual([]);
    expect(said(looks(['10:00:00', {}], ['10:10:00', gone], ['10:20:00', {}]))).toEqual([]);
  });
});

describe('S6: never a suspect', () => {
  test.for<[string, Partial<VmView>]>([
    ['a machine of another cluster, whatever its id and its host', { clusterId: 'elsewhere' }],
    ['one whose cluster cannot be read', { clusterId: undefined as never }],
    ['one whose token is no UID', { workerUid: 'burst-1' }],
    ['one whose token is cut short', { workerUid: UID.slice(0, -1) }],
    ['one whose token was tampered with', { workerUid: `${UID} ` }],
    ['one without a token', { workerUid: undefined as never }],
    ['one without an id', { id: '' }],
    ['one that a BurstWorker claims', { workerUid: OTHER }],
  ])('%s', ([, more]) => {
    const scene = { listings: [listing([machine(more)])] };

    expect(looks(['10:00:00', scene], ['11:00:00', scene]).memory.suspects).toEqual([]);
  });
});

const held = (node: Node) => said(looks(['10:00:00', {}], ['10:15:00', { nodes: [node] }]))[0];

describe('S6: what is not believed', () => {
  test('an API server that does not answer changes nothing of what was seen', () => {
    const silent = { workers: undefined as never };

    expect(said(looks(['10:00:00', silent], ['10:15:00', {}]))).toEqual([]);
    expect(said(looks(['10:00:00', {}], ['10:15:00', silent]))).toEqual([
      `${LEAK}: the API server could not be asked for BurstWorkers`,
    ]);
    expect(said(looks(['10:00:00', {}], ['10:10:00', silent], ['10:15:00', {}]))).toEqual([`${LEAK}: goes`]);
  });

  test('an empty list of BurstWorkers: what was seen is told of, and stays', () => {
    const empty = { workers: new Set<string>() };

    expect(said(looks(['10:00:00', empty], ['10:15:00', empty]))).toEqual([
      `${LEAK}: the API server lists no BurstWorker at all, which is not believed`,
    ]);
  });

  test('a list of BurstWorkers that lost more than half of itself: nothing of that look counts', () => {
    const many = { workers: new Set(['a', 'b', 'c']) };
    const few = { workers: new Set(['a']) };

    expect(said(looks(['10:00:00', many], ['10:15:00', few]))).toEqual([
      `${LEAK}: the API server lists 1, and 3 at the last look`,
    ]);
    const fresh = { ...many, listings: [listing([])] };
    expect(looks(['10:00:00', fresh], ['10:05:00', few]).memory.suspects).toEqual([]);
  });

  test('a provider that cannot be asked, or lists far less than before', () => {
    const silent = { listings: [listing(undefined, { problem: 'no route to pve1' })] };
    const three = { listings: [listing([machine(), machine({ id: '102' }), machine({ id: '103' })])] };

    expect(said(looks(['10:00:00', {}], ['10:15:00', silent]))).toEqual([`${LEAK}: no route to pve1`]);
    expect(said(looks(['10:00:00', three], ['10:15:00', {}]))[0]).toBe(
      `${LEAK}: the provider of WorkerPool burst lists 1, and 3 at the last look`,
    );
  });

  test('a machine whose Node takes part in the cluster is somebody’s, whatever its worker', () => {
    expect(held(aNode())).toContain('its Node burst-1 is Ready');
    expect(held(aNode({ ready: false, metadata: { labels: { 'worker-type': 'permanent' } } }))).toContain(
      'is labelled worker-type=permanent',
    );
    expect(held(aNode({ ready: false }))).toBe(`${LEAK}: goes`);
  });
});

const ours = (more: Parameters<typeof aNode>[0] = {}): Node =>
  aNode({
    ready: false,
    ...more,
    metadata: {
      ...more.metadata,
      labels: {
        'cortex.automation/pool': 'burst',
        'cortex.automation/worker': 'burst-1',
        ...more.metadata?.labels,
      },
    },
  });

describe('S7: a Node without a BurstWorker and without a machine', () => {
  const others = { listings: [listing([machine({ id: '102', workerUid: OTHER })])] };
  const twice = (nodes: Node[], scene: Scene = others): string[] =>
    said(looks(['10:00:00', { ...scene, nodes }], ['10:10:00', { ...scene, nodes }]));

  test('goes after two looks, while its kubelet is silent', () => {
    expect(twice([ours()])).toEqual(['Node uid-of-node: goes']);
    expect(said(looks(['10:00:00', { ...others, nodes: [ours()] }]))).toEqual([]);
  });

  test.for<[string, Node]>([
    ['that answers', ours({ ready: true })],
    ['that somebody keeps', ours({ metadata: { labels: { 'worker-type': 'permanent' } } })],
    ['of the control plane', ours({ metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } } })],
    ['that names another machine than it is', ours({ systemUUID: 'ffffffff-93a5-4d0e-a3f6-6f1f6a8f3f10' })],
    ['that only bears our mark', aNode({ ready: false })],
    ['of no pool that is asked', ours({ metadata: { labels: { 'cortex.automation/pool': 'none' } } })],
  ])('never one %s', ([, node]) => {
    expect(twice([node])).toEqual([]);
  });

  test('nor one whose machine or whose worker is there', () => {
    expect(twice([ours()], {}).filter((each) => each.startsWith('Node'))).toEqual([]);
    expect(twice([ours()], { ...others, workers: new Set([UID]) })).toEqual([]);
  });

  test('nor while any provider is silent, or its own lists nothing', () => {
    const silent = [...others.listings, listing(undefined, { pool: 'gpu' })];
    const nodes = [ours()];

    expect(said(looks(['10:00:00', { ...others, nodes }], ['10:10:00', { listings: silent, nodes }]))).toEqual([
      'Node uid-of-node: its provider could not be asked',
    ]);
    expect(twice([ours()], { listings: [listing([])] })[0]).toContain('lists no machine at all');
  });
});
