import { type NodeDrain, NodeDrains, type WorkerPool } from '@cortex/crds';
import { type Pod, PodDisruptionBudgets, Pods } from '@cortex/operator/kube/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Followed } from './system/cluster.ts';
import { kwokPool, Story } from './system/story.ts';
import { budgetOver, deploymentOn, nodeDrain, permanentNode } from './system/workloads.ts';

let story: Story;
let drains: Followed<NodeDrain>;
let pods: Followed<Pod>;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst'));
  drains = await story.cluster.follow<NodeDrain>(NodeDrains);
  pods = await story.cluster.follow<Pod>(Pods);
});
afterAll(() => story.end());

const podsOn = (node: string): Pod[] => pods.store.list().filter(({ spec }) => spec.nodeName === node);
const saying = ({ status }: NodeDrain, of: string): string | undefined => {
  const said = status?.conditions?.find(({ type }) => type === of);
  return said && `${said.status}/${said.reason}`;
};

async function nodeWith(name: string, app: string, replicas = 1, spec = ''): Promise<void> {
  await story.apply(permanentNode(name));
  await story.apply(deploymentOn(name, app, replicas, spec));
  const running = () => podsOn(name).filter(({ status }) => status?.phase === 'Running').length;
  await pods.eventually(() => (running() === replicas ? true : undefined), `${replicas} pods on ${name}`);
}

test('C7: a permanent Node is drained while the object is there, and as it was after it', async () => {
  await nodeWith('permanent', 'web', 3);
  await story.apply(nodeDrain('maintenance', 'permanent', '  reason: new disks'));

  const drained = await drains.until('maintenance', ({ status }) => status?.phase === 'Drained');
  expect(drained.status?.drain?.deadline).toBeDefined();
  expect(podsOn('permanent')).toEqual([]);
  expect(story.nodes.get('permanent')?.spec.unschedulable).toBe(true);

  await story.kubectl('delete', 'nd', 'maintenance');
  const node = await story.nodes.until('permanent', ({ spec }) => spec.unschedulable !== true);
  expect(node.spec.taints ?? []).toEqual([]);
  expect(node.metadata.labels).not.toHaveProperty('node.kubernetes.io/exclude-from-external-load-balancers');
  expect(node.metadata.annotations).not.toHaveProperty('cortex.automation/before-cordon');
  await story.kubectl('delete', 'deployment', 'web');
});

/** The Nodes of a pool with their phases. */
const phase = (of: WorkerPool) => of.status?.nodes?.map(({ name, phase: is }) => `${name} ${is}`).join();

test('C7: a permanent pool shows its Nodes, and the drain of one while it is there', async () => {
  await story.apply(permanentNode('metal', 'rack: a'));
  await story.apply(`
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: metal}
spec: {class: Permanent, nodeSelector: {rack: a}}
`);
  const pool = await story.pools.until('metal', (each) => phase(each) === 'metal Ready');
  expect(pool.status?.workers).toMatchObject({ total: 1, ready: 1 });
  expect(pool.status?.nodes?.[0]).toMatchObject({ node: { capacity: { cpu: '8' } }, usage: { pods: 0 } });
  expect(pool.status?.capacity).toMatchObject({ total: { workers: 1, cpu: '8' }, reserved: { workers: 0, cpu: '0' } });
  await story.apply(nodeDrain('of-metal', 'metal'));

  const drained = await story.pools.until('metal', (each) => phase(each) === 'metal Drained');
  expect(drained.status?.nodes?.[0]?.drain?.deadline).toBeDefined();
  await story.kubectl('delete', 'nd', 'of-metal');
  await story.pools.until('metal', (each) => phase(each) === 'metal Ready');
});

test('C7: what a person had cordoned before stays cordoned after', async () => {
  await story.apply(permanentNode('theirs'));
  await story.kubectl('cordon', 'theirs');
  await story.apply(nodeDrain('ours', 'theirs'));
  await drains.until('ours', ({ status }) => status?.phase === 'Drained');
  await story.kubectl('delete', 'nd', 'ours');

  const node = await story.nodes.until('theirs', ({ spec }) =>
    (spec.taints ?? []).every(({ key }) => key !== 'cortex.automation/draining'),
  );
  expect(node.spec.unschedulable).toBe(true);
});

test('C7: of two NodeDrains for one Node the older acts, the other takes over, and the cordon outlives the first', async () => {
  await story.apply(permanentNode('wanted'));
  await story.apply(nodeDrain('first', 'wanted'));
  await drains.until('first', ({ status }) => status?.phase === 'Drained');
  await story.apply(nodeDrain('second', 'wanted'));
  await drains.until('second', (drain) => saying(drain, 'Drained') === 'False/AlreadyDraining');

  await story.kubectl('delete', 'nd', 'first');
  await drains.until('second', ({ status }) => status?.phase === 'Drained');
  expect(story.nodes.get('wanted')?.spec.unschedulable).toBe(true);
  await story.kubectl('delete', 'nd', 'second');
  await story.nodes.until('wanted', ({ spec }) => spec.unschedulable !== true);
});

test('C7: a NodeDrain ends with its Node, and touches no other of that name', async () => {
  await story.apply(permanentNode('gone'));
  await story.apply(nodeDrain('of-gone', 'gone'));
  await drains.until('of-gone', ({ status }) => status?.phase === 'Drained');
  await story.kubectl('delete', 'node', 'gone');
  const ended = await drains.until('of-gone', (drain) => saying(drain, 'Drained') === 'True/NodeGone');
  await drains.until('of-gone', ({ metadata }) => (metadata.finalizers ?? []).length === 0);
  await story.apply(permanentNode('gone'));
  await story.kubectl('delete', 'nd', 'of-gone');

  expect(ended.status?.nodeUID).not.toBe(story.nodes.get('gone')?.metadata.uid);
  expect(story.nodes.get('gone')?.spec.unschedulable).toBeUndefined();
});

test('the last Node of the control plane that takes pods is refused', async () => {
  await story.apply(permanentNode('control', 'node-role.kubernetes.io/control-plane: ""'));
  await story.apply(nodeDrain('refused', 'control'));

  const refused = await drains.until('refused', ({ status }) => status?.phase === 'Failed');
  expect(saying(refused, 'Drained')).toBe('False/LastControlPlane');
  expect(story.nodes.get('control')?.spec.unschedulable).toBeUndefined();
  await story.kubectl('delete', 'nd', 'refused');
});

test('D10: a pod that a budget holds back is evicted within 250 ms of the change that frees it', async () => {
  await nodeWith('held', 'db');
  await story.apply(budgetOver('db', 'minAvailable: 1'));
  await story.apply(nodeDrain('waits', 'held', '  timeout: 1h'));
  const blocked = await drains.until('waits', ({ status }) => (status?.drain?.blockers?.length ?? 0) > 0);
  expect(blocked.status?.drain?.blockers?.[0]).toMatchObject({ kind: 'PodDisruptionBudget', name: 'db' });
  await drains.until('waits', (drain) => saying(drain, 'Drained') === 'False/PDBNeverAllows');
  // Refusals space the tries out up to half a minute: what comes sooner comes because the budget changed.
  const refusals = async () =>
    (await story.plane.audit()).filter(({ subresource, code }) => subresource === 'eviction' && code === 429).length;
  await expect.poll(refusals, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);

  const budgets = await story.cluster.follow(PodDisruptionBudgets);
  const freed = Promise.withResolvers<number>();
  budgets.store.onChange((_key, now) => {
    if ((now?.status?.disruptionsAllowed ?? 0) > 0) freed.resolve(Date.now());
  });
  const [{ metadata } = { metadata: { name: '' } }] = podsOn('held');
  await story.kubectl('patch', 'pdb', 'db', '--type=merge', '-p', '{"spec":{"minAvailable":0}}');
  const freedAt = await freed.promise;
  const evicted = async () =>
    (await story.plane.audit()).find(
      ({ subresource, code, name }) => subresource === 'eviction' && code === 201 && name === metadata.name,
    );
  await expect.poll(evicted, { timeout: 10_000 }).toBeDefined();
  expect(((await evicted())?.completedAt.getTime() ?? 0) - freedAt).toBeLessThan(250);
  await drains.until('waits', ({ status }) => status?.phase === 'Drained');
  await story.kubectl('delete', 'deployment', 'db');
});

test('D12: at the deadline what is left is deleted with a second of grace at least; Hold holds', async () => {
  await nodeWith('forced', 'late');
  await story.apply(budgetOver('late', 'minAvailable: 1'));
  await nodeWith('holding', 'patient');
  await story.apply(budgetOver('patient', 'minAvailable: 1'));
  await story.apply(nodeDrain('forces', 'forced', '  timeout: 8s\n  onDeadline: ForceDelete'));
  await story.apply(nodeDrain('holds', 'holding', '  timeout: 8s'));

  const leaving = await pods.eventually(
    () => podsOn('forced').find(({ metadata }) => metadata.deletionTimestamp !== undefined),
    'the pod to be deleted',
  );
  expect(leaving.metadata.deletionGracePeriodSeconds).toBeGreaterThanOrEqual(1);
  const done = await drains.until('forces', ({ status }) => status?.phase === 'Drained');
  const { startedAt = '', deadline = '' } = done.status?.drain ?? {};
  expect(Date.parse(deadline) - Date.parse(startedAt)).toBe(8_000);
  expect(podsOn('holding').map(({ metadata }) => metadata.deletionTimestamp)).toEqual([undefined]);
  expect(drains.get('holds')?.status?.phase).toBe('Draining');
});
