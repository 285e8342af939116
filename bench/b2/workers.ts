import { API_VERSION, type BurstWorker, BurstWorkers, type WorkerPool, WorkerPools } from '@cortex/crds';
import type { Followed } from '@cortex/e2e/system/cluster';
import { pause } from '@cortex/operator/kube/pause';
import type { Draft } from '@cortex/operator/kube/object';
import { type Pod, Pods } from '@cortex/operator/kube/core';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

const POOL = 'burst';
const LONGEST_MS = 240_000;
/** The shortest ttl there is: a worker that is older ends as soon as its ttl is set to that. */
const SHORTEST_MS = 60_000;

export const workerName = (i: number): string => `${POOL}-${i}`;

/** All of a pool may be raised, and drained, at once. */
export const roomFor = (workers: number) =>
  ({
    apiVersion: API_VERSION,
    kind: 'WorkerPool',
    metadata: { name: POOL },
    spec: {
      class: 'Burst',
      default: true,
      provider: { type: 'Kwok' },
      limits: { workers },
      provisioning: { maxInFlight: Math.min(workers, 1_000) },
      drain: { maxConcurrent: Math.min(workers, 1_000) },
    },
  }) as Draft<WorkerPool>;

/** As many Ready workers with a day to live, and pods that run on each; every `heldEvery`-th of the Nodes has one that is `held`. */
export async function raiseFull(
  { cluster }: Rig,
  workers: Followed<BurstWorker>,
  { n, podsOnEach, heldEvery }: { readonly n: number; readonly podsOnEach: number; readonly heldEvery: number },
): Promise<Followed<Pod>> {
  await cluster.client.create(WorkerPools, roomFor(n));
  const ready = new Tally('workers are Ready', workers, (worker) => worker?.status?.phase === 'Ready');
  const pods = await cluster.follow<Pod>(Pods);
  await Promise.all([
    inFlight(n, IN_FLIGHT, (i) => cluster.client.create(BurstWorkers, worker(i))),
    ready.reaches(n, LONGEST_MS),
  ]);
  const running = new Tally('pods run', pods, (pod) => pod?.status?.phase === 'Running');
  await Promise.all([
    inFlight(n * podsOnEach, IN_FLIGHT, (i) => {
      const node = Math.floor(i / podsOnEach);
      return cluster.client.create(Pods, smallPod(i, node, i % podsOnEach === 0 && node % heldEvery === 0));
    }),
    running.reaches(n * podsOnEach, LONGEST_MS),
  ]);
  return pods;
}

/** Until the youngest of them has lived for longer than the shortest ttl. */
export async function untilOldEnough(workers: Followed<BurstWorker>): Promise<void> {
  const youngest = Math.max(...workers.store.list().map(({ status }) => Date.parse(status?.registeredAt ?? '')));
  await pause(Math.max(0, youngest + SHORTEST_MS - Date.now()));
}

/** Ends all of them: each is older than the ttl that it gets. */
export const expireAll = async ({ cluster }: Rig, n: number): Promise<unknown> =>
  await inFlight(n, IN_FLIGHT, (i) => cluster.client.patch(BurstWorkers, workerName(i), { spec: { ttl: '60s' } }));

const worker = (i: number) =>
  ({
    apiVersion: API_VERSION,
    kind: 'BurstWorker',
    metadata: { name: workerName(i) },
    spec: { pool: POOL, size: 'medium', ttl: '24h' },
  }) as Draft<BurstWorker>;

const smallPod = (i: number, node: number, held: boolean) => ({
  apiVersion: 'v1',
  kind: 'Pod' as const,
  metadata: { name: `pod-${i}`, namespace: 'default', labels: held ? { held: `pod-${i}` } : {} },
  spec: {
    nodeName: workerName(node),
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'none', resources: { requests: { cpu: '10m', memory: '64Mi' } } }],
  },
});
