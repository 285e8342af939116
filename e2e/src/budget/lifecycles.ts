import { type Pod, Pods } from '@cortex/operator/kube/core';
import { isReady, node, type ServerStory, workload } from '../system/servers.ts';
import { allocation } from '../system/story.ts';
import type { Lifecycle } from './lifecycle.ts';
import { SERVER_LIFECYCLES } from './server-lifecycles.ts';
import type { Writes } from './writes.ts';

const NEW = 3;
const WARM = 2;
const PODS = 2;
const LONG_MS = 120_000;

const ALLOCATION = 'update allocations/status';
const WORKER = 'update burstworkers/status';

/** What it takes to raise workers: three words each (checkpoint, Launched, Ready) and the marks on the Node. */
const up = (workers: number): Writes => ({ [WORKER]: 3 * workers, 'patch nodes': workers });

/** What it takes to let workers go but for their DELETE: drain start, Drained, cordon, evictions, the DELETE of the Node, finalizer. The look at the Node before its machine goes is a list by label, which is no write. */
const down = (workers: number, pods = 0): Writes => ({
  [WORKER]: 2 * workers,
  'patch nodes': workers,
  ...(pods === 0 ? {} : { 'create pods/eviction': pods }),
  'delete nodes': workers,
  'patch burstworkers': workers,
});

const plain: Lifecycle = {
  name: 'plain',
  steps: [
    {
      row: 'Allocation without workers',
      act: async ({ story }) => {
        await story.apply(allocation('plain', 'ttl: 1h'));
        await story.allocations.until('default/plain', isReady);
      },
      budget: { [ALLOCATION]: 1 },
    },
    {
      row: 'its DELETE by a user',
      act: async ({ story }) => {
        await story.kubectl('delete', 'alloc', 'plain');
        await story.allocations.untilGone('default/plain');
      },
      budget: {},
    },
  ],
};

const fresh: Lifecycle = {
  name: 'new',
  prepare: ({ story }) => story.apply(pool('new')),
  steps: [
    {
      row: `Allocation with ${NEW} new workers, each of them up`,
      act: async ({ story }) => {
        await story.apply(allocation('new', `workers: {count: ${NEW}, pool: new}`));
        await story.allocations.until('default/new', isReady, LONG_MS);
      },
      budget: { [ALLOCATION]: 2, 'create burstworkers': NEW, ...up(NEW) },
    },
    {
      row: 'its DELETE by a user, each worker down',
      act: async ({ story }) => {
        await story.kubectl('delete', 'alloc', 'new');
        await workersGone(story, 'new');
      },
      budget: { 'delete burstworkers': NEW, ...down(NEW) },
    },
  ],
};

const warm: Lifecycle = {
  name: 'warm',
  prepare: ({ story }) => story.apply(pool('warm')),
  steps: [
    {
      row: `${WARM} hand-made workers up`,
      act: async ({ story }) => {
        for (let i = 1; i <= WARM; i++) await story.apply(worker(`warm-${i}`, 'warm', 'claimable: true'));
        for (let i = 1; i <= WARM; i++)
          await story.workers.until(`warm-${i}`, ({ status }) => status?.phase === 'Ready', LONG_MS);
      },
      budget: { ...up(WARM), [WORKER]: 4 * WARM, 'patch burstworkers': WARM },
    },
    {
      row: `Allocation with ${WARM} warm workers`,
      act: async ({ story }) => {
        await story.apply(allocation('warm', `workers: {count: ${WARM}, pool: warm}`));
        await story.allocations.until('default/warm', isReady);
      },
      budget: { [ALLOCATION]: 1, 'patch burstworkers': WARM, 'patch nodes': WARM },
    },
    {
      row: 'its DELETE by a user, each worker down',
      act: async ({ story }) => {
        await story.kubectl('delete', 'alloc', 'warm');
        await workersGone(story, 'warm');
      },
      budget: { 'delete burstworkers': WARM, ...down(WARM) },
    },
  ],
};

const busy: Lifecycle = {
  name: 'busy',
  prepare: async ({ story }) => {
    await story.apply(pool('busy'));
    await story.apply(worker('busy-1', 'busy'));
    await story.workers.until('busy-1', ({ status }) => status?.phase === 'Ready', LONG_MS);
    const pods = await story.cluster.follow<Pod>(Pods);
    await story.apply(Array.from({ length: PODS }, (_, i) => pod(`busy-pod-${i}`, 'busy-1')).join('---'));
    for (let i = 0; i < PODS; i++)
      await pods.until(`default/busy-pod-${i}`, ({ status }) => status?.phase === 'Running');
  },
  steps: [
    {
      row: `BurstWorker with ${PODS} pods down, by a user's DELETE`,
      act: async ({ story }) => {
        await story.kubectl('delete', 'bw', 'busy-1', '--wait=false');
        await workersGone(story, 'busy');
      },
      budget: down(1, PODS),
    },
  ],
};

const expiring: Lifecycle = {
  name: 'ends',
  prepare: async ({ story, servers }) => {
    await story.apply(pool('ends') + '---' + node('ends-node') + '---' + workload('ends'));
    await servers.until('default/ends', ({ status }) => status?.phase === 'Running');
  },
  steps: [
    {
      row: 'Allocation with a new worker and a server, ttl 60s',
      act: async ({ story }) => {
        const spec = 'workers: {count: 1, pool: ends}\nmcpServers: [ends]\nttl: 60s\nttlAfterFinished: 1s';
        await story.apply(allocation('ends', spec));
        await story.allocations.until('default/ends', isReady, LONG_MS);
      },
      budget: {
        [ALLOCATION]: 2,
        'create burstworkers': 1,
        ...up(1),
        'create mcpserverscales': 1,
        'update mcpservers/status': 1,
      },
    },
    {
      row: 'its expiry: Expiring, Releasing, Finished, its wish and its worker gone, collected',
      act: async ({ story }) => {
        await story.allocations.untilGone('default/ends', LONG_MS);
        await workersGone(story, 'ends');
      },
      budget: {
        [ALLOCATION]: 3,
        'delete allocations': 1,
        'delete burstworkers': 1,
        ...down(1),
        'delete mcpserverscales': 1,
        'update mcpservers/status': 1,
      },
    },
  ],
};

const returned: Lifecycle = {
  name: 'back',
  prepare: async ({ story }) => {
    await story.apply(pool('back'));
    await story.apply(worker('back-1', 'back', 'claimable: true'));
    await story.workers.until('back-1', ({ status }) => status?.phase === 'Ready', LONG_MS);
    await story.apply(allocation('back', 'workers: {count: 1, pool: back}\nreclaimPolicy: ReturnToPool'));
    await story.allocations.until('default/back', isReady);
  },
  steps: [
    {
      row: 'DELETE of an Allocation whose worker returns to its pool',
      act: async ({ story }) => {
        await story.kubectl('delete', 'alloc', 'back');
        await story.workers.until('back-1', ({ spec, status }) => !spec.claimRef && status?.phase === 'Ready', LONG_MS);
      },
      budget: { [WORKER]: 2, 'patch nodes': 2, 'patch burstworkers': 1 },
    },
  ],
};

/** They may happen at once. */
export const LIFECYCLES: readonly Lifecycle[] = [plain, fresh, warm, busy, expiring, returned, ...SERVER_LIFECYCLES];

/** An operator that starts again over objects at rest: it disturbs all others. */
export const REST: Lifecycle = {
  name: 'rest',
  prepare: async ({ story, servers }) => {
    await story.apply(pool('rest') + '---' + node('rest-node') + '---' + workload('rest'));
    await servers.until('default/rest', ({ status }) => status?.phase === 'Running');
    await story.apply(allocation('rest', 'workers: {count: 1, pool: rest}\nmcpServers: [rest]'));
    await story.allocations.until('default/rest', isReady, LONG_MS);
  },
  steps: [
    {
      row: 'an operator that starts again over objects at rest',
      act: async ({ story }) => {
        await story.operator.end();
        await story.restartOperator();
      },
      budget: {},
    },
  ],
};

const workersGone = async (story: ServerStory['story'], name: string): Promise<void> => {
  await story.workers.eventually(
    (all) => (all.some(({ spec }) => spec.pool === name) ? undefined : true),
    `the workers of pool ${name} to go`,
    LONG_MS,
  );
};

const pool = (name: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: ${name}}
spec:
  class: Burst
  provider: {type: Kwok}
  limits: {workers: 5}
`;

const worker = (name: string, of: string, spec = ''): string => `
apiVersion: cortex.automation/v1alpha1
kind: BurstWorker
metadata: {name: ${name}}
spec:
  pool: ${of}
  ${spec}
`;

const pod = (name: string, on: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default}
spec:
  nodeName: ${on}
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: played-by-kwok}]
`;
