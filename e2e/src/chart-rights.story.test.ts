import type { Allocation, BurstWorker, NodeDrain } from '@cortex/crds';
import { NodeDrains } from '@cortex/crds';
import type { Node } from '@cortex/operator/kube/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantedTo, refusedTo, type Right, usedBy } from './system/rights.ts';
import { beginWithServers, node, type ServerStory, workload } from './system/servers.ts';
import { allocation, kwokPool } from './system/story.ts';

let { story, servers } = {} as ServerStory;

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

beforeAll(async () => {
  ({ story, servers } = await beginWithServers({ auditPolicy: 'everything' }));
  await story.apply(kwokPool('burst', '  drain: {timeout: 5s}') + '---' + WARM);
  await story.apply(node('permanent'));
  await Promise.all([lend(), claim(), takeOver(), serve(), drain(), refuse(), seed()]);
}, 300_000);
afterAll(() => story.end());

/** Workers are lent, hold a pod that only force moves, and go. */
async function lend(): Promise<void> {
  await story.apply(workload('git', { replicas: 0 }));
  await servers.until('default/git', ({ status }) => status?.phase === 'Stopped');
  await story.kubectl('scale', 'deployment', 'git', '--replicas=1');
  await story.apply(allocation('job', 'workers: {count: 1, size: small}\nmcpServers: [git]'));
  await story.allocations.until('default/job', isReady);
  await story.apply(HELD);
  await story.kubectl('wait', 'pod/held', '--for=condition=Ready', '--timeout=60s');
  await story.kubectl('delete', 'alloc', 'job', '--wait=false');
  await story.workers.eventually(gone, 'the worker to go', 120_000);
}

const gone = (all: readonly BurstWorker[]): true | undefined =>
  all.some(({ spec }) => spec.pool === 'burst') ? undefined : true;

const HELD = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: held, namespace: default}
spec: {minAvailable: 1, selector: {matchLabels: {app: held}}}
---
apiVersion: v1
kind: Pod
metadata: {name: held, namespace: default, labels: {app: held}}
spec:
  terminationGracePeriodSeconds: 1
  nodeSelector: {cortex.automation/job: default.job}
  tolerations: [{key: cortex.automation/job, operator: Exists}]
  containers: [{name: held, image: registry.example/held}]
`;

/** Machines that boot for a while; one of them is kept warm. */
const WARM = `
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: warm}
spec: {class: Burst, provider: {type: Kwok, kwok: {bootDelay: 1s}}, warm: 1, defaultSize: small}
`;

/** A warm worker is claimed; somebody deletes its Node, and its machine joins again. */
async function claim(): Promise<void> {
  await story.pools.until('warm', ({ status }) => status?.workers?.warm === 1);
  await story.apply(allocation('claim', 'workers: {count: 1, pool: warm}'));
  await story.allocations.until('default/claim', isReady);
  const [{ metadata }] = story.nodes.store
    .list()
    .filter((each) => each.metadata.labels?.['cortex.automation/job'] === 'default.claim') as [Node];
  await story.kubectl('delete', 'node', metadata.name);
  await story.nodes.until(metadata.name, (each) => each.metadata.uid !== metadata.uid);
}

/** What one Allocation has goes to another, its wishes included. */
async function takeOver(): Promise<void> {
  await story.apply(workload('heirloom', { replicas: 0 }));
  await story.apply(allocation('old', 'mcpServers: [heirloom]'));
  await story.allocations.until('default/old', isReady);
  await story.apply(allocation('new', 'mcpServers: [heirloom]\ntakesOver: old'));
  await story.allocations.until('default/old', ({ status }) => status?.phase === 'Released');
}

/** A machine is to join by a token of its own; its provider does not answer. */
async function seed(): Promise<void> {
  await story.apply(SEEDED);
  await story.workers.until(
    'seeded',
    ({ status }) => status?.conditions?.some(({ reason }) => reason === 'ProviderError') ?? false,
  );
}

const SEEDED = `
apiVersion: v1
kind: Secret
metadata: {name: pve, namespace: cortex-system}
stringData: {token: 'cortex@pve!operator=00000000-0000-0000-0000-000000000000', user-data: '{{ joinToken }}'}
---
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: pve}
spec:
  class: Burst
  provider:
    type: Proxmox
    proxmox: {url: 'https://127.0.0.1:1', tokenSecretRef: {name: pve}, pool: cortex, hosts: [{name: pve1, template: 9000}], seedStorage: local}
  bootstrap:
    format: CloudConfig
    userDataSecretRef: {name: pve}
    joinToken: {mode: Kubeadm, serverURL: 'https://10.0.0.1:6443'}
---
apiVersion: cortex.automation/v1alpha1
kind: BurstWorker
metadata: {name: seeded}
spec: {pool: pve}
`;

/** A server is adopted, scaled, and let go. */
async function serve(): Promise<void> {
  await story.apply(workload('state', { kind: 'StatefulSet', replicas: 0 }) + '---' + SERVICE);
  await servers.until('default/state', ({ status }) => status?.phase === 'Stopped');
  await story.apply(wishFor('state'));
  await servers.until('default/state', ({ status }) => status?.ready === 1, 120_000);
  await story.kubectl('scale', 'statefulset', 'state', '--replicas=2');
  await story.kubectl('label', 'statefulset', 'state', 'team=a');
  await servers.until('default/state', ({ metadata }) => metadata.labels?.['team'] === 'a');
  await story.kubectl('label', 'statefulset', 'state', 'app.kubernetes.io/component-');
  await servers.untilGone('default/state');
}

/** In front of it, so that it is asked for a handshake. */
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: state, namespace: default}
spec: {selector: {app: state}, ports: [{port: 80}]}
`;

const wishFor = (server: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: McpServerScale
metadata: {name: wish, namespace: default}
spec: {serverRef: {name: ${server}}, replicas: 1}
`;

async function drain(): Promise<void> {
  const drains = await story.cluster.follow<NodeDrain>(NodeDrains);
  await story.apply(`
apiVersion: cortex.automation/v1alpha1
kind: NodeDrain
metadata: {name: drain}
spec: {nodeName: permanent}
`);
  await drains.until('drain', ({ status }) => status?.phase === 'Drained');
  await story.kubectl('delete', 'nodedrain', 'drain');
}

async function refuse(): Promise<void> {
  await story.apply(allocation('greedy', 'workers: {count: 100}\nwhenInsufficient: Fail\nttlAfterFinished: 1s'));
  await story.allocations.untilGone('default/greedy');
}

/** Used where a story does not get to, and for what: each of these is named here or it is not granted. */
const LATER: Readonly<Record<string, string>> = {
  'patch cortex.automation/burstworkers/status': 'what pods request is counted again 15 s after it was',
  'get cortex.automation/burstworkers':
    'a worker that a create finds there already may be its own, from before a crash',
  'delete cortex.automation/nodedrains': 'a NodeDrain whose Node has gone is collected after an hour',
  'get persistentvolumeclaims': 'volumes of pods that stay on a drained Node are told by their claims',
  'patch coordination.k8s.io/leases in cortex-system': 'a machine of Kwok that was powered off is started again',
  'create secrets in cortex-system': 'the key of bootstrap tokens is made with the first machine that joins by one',
  'get configmaps in cortex-system': 'that machine pins the authority of the cluster',
  'create secrets in kube-system': 'its token is a Secret there',
  'delete secrets in kube-system': 'and is revoked once the machine has joined',
};

/** A kind is watched; where the API server streams no lists, the same copy is listed. */
const isCopied = (granted: Right, used: ReadonlySet<Right>): boolean =>
  granted.startsWith('list ') && used.has(granted.replace('list ', 'watch '));

test('the operator is refused nothing that it asks for', async () => {
  expect(refusedTo('cortex-operator', await story.plane.audit())).toEqual([]);
});

/** What is granted, and was not used so far. */
async function unused(): Promise<Right[]> {
  const used = usedBy('cortex-operator', await story.plane.audit());
  return grantedTo('cortex-operator')
    .filter((right) => !used.has(right) && !isCopied(right, used))
    .toSorted();
}

test('every right of the operator is used, or is known to be used later', async () => {
  await expect.poll(unused, { timeout: 30_000, interval: 500 }).toEqual(Object.keys(LATER).toSorted());
});

test('what is watched may be listed as well', () => {
  const granted = new Set(grantedTo('cortex-operator'));
  const watched = [...granted].filter((right) => right.startsWith('watch '));

  expect(watched.filter((right) => !granted.has(right.replace('watch ', 'list ')))).toEqual([]);
});
