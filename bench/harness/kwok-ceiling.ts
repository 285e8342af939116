import type { Cluster, Followed } from '@cortex/e2e/system/cluster';
import { type Node, Nodes, type Pod, Pods } from '@cortex/operator/kube/core';
import type { KubeObject } from '@cortex/operator/kube/object';
import { IN_FLIGHT } from './ceiling.ts';
import { type Burst, inFlight } from './in-flight.ts';
import { Tally } from './tally.ts';

/** What KWOK, kube-controller-manager and the API server do with nobody but a bare client: all per second. */
export interface KwokCeiling {
  readonly nodesCreated: number;
  readonly nodesReady: number;
  readonly podsCreated: number;
  readonly podsRunning: number;
  readonly evicted: number;
  readonly podsGone: number;
  readonly nodesDeleted: number;
}

const LONGEST_MS = 600_000;

/** Nodes are created until Ready, pods on them until they run; then every pod is evicted, and every Node deleted. */
export async function kwokCeiling(cluster: Cluster, nodeCount: number, podsOnEach: number): Promise<KwokCeiling> {
  const { client } = cluster;
  const [nodes, pods] = [await cluster.follow<Node>(Nodes), await cluster.follow<Pod>(Pods)];
  const podCount = nodeCount * podsOnEach;
  const onNode = (i: number): number => Math.floor(i / podsOnEach);

  const up = await until(nodes, isReady, nodeCount, () =>
    inFlight(nodeCount, IN_FLIGHT, (i) => client.create(Nodes, fakeNode(i))),
  );
  const running = await until(pods, isRunning, podCount, () =>
    inFlight(podCount, IN_FLIGHT, (i) => client.create(Pods, smallPod(i, nodeName(onNode(i))))),
  );
  const all = pods.store.list().map(({ metadata: { namespace = '', name, uid } }) => ({ namespace, name, uid }));
  const gone = await until(pods, isGone, podCount, () =>
    inFlight(podCount, IN_FLIGHT, async (i) => {
      const pod = all[i];
      if (pod !== undefined) await client.evict(pod);
    }),
  );
  const deleted = await inFlight(nodeCount, IN_FLIGHT, (i) => client.delete(Nodes, nodeName(i)));
  return {
    nodesCreated: up.calls.perSecond,
    nodesReady: up.perSecond,
    podsCreated: running.calls.perSecond,
    podsRunning: running.perSecond,
    evicted: gone.calls.perSecond,
    podsGone: gone.perSecond,
    nodesDeleted: deleted.perSecond,
  };
}

/** Makes the calls and waits for what comes of them; both are counted from the first call. */
async function until<T extends KubeObject>(
  followed: Followed<T>,
  holds: (now: T | undefined) => boolean,
  count: number,
  makeCalls: () => Promise<Burst>,
): Promise<{ readonly calls: Burst; readonly perSecond: number }> {
  const tally = new Tally('that are as they should be', followed, holds);
  const startedAt = performance.now();
  const [calls, reachedAt] = await Promise.all([makeCalls(), tally.reaches(count, LONGEST_MS)]);
  return { calls, perSecond: (1000 * count) / (reachedAt - startedAt) };
}

const isReady = (node: Node | undefined): boolean =>
  node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === 'Running';
const isGone = (pod: Pod | undefined): boolean => pod === undefined;

const nodeName = (i: number): string => `bench-${i}`;

const fakeNode = (i: number) => ({
  apiVersion: 'v1',
  kind: 'Node' as const,
  metadata: { name: nodeName(i), annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  spec: {},
});

/** A pod that is on this Node without the scheduler's help. */
export const smallPod = (i: number, onNode: string) => ({
  apiVersion: 'v1',
  kind: 'Pod' as const,
  metadata: { name: `bench-${i}`, namespace: 'default' },
  spec: {
    nodeName: onNode,
    containers: [{ name: 'main', image: 'none', resources: { requests: { cpu: '10m', memory: '64Mi' } } }],
  },
});
