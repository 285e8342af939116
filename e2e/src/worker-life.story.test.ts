import type { BurstWorker } from '@cortex/crds';
import { Pods } from '@cortex/operator/kube/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isUsage } from './budget/writes.ts';
import type { AuditEntry } from './control-plane/control-plane.ts';
import { auditName } from './system/identity.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { attachment, budgetOver, deploymentOn, podOn, workerOf } from './system/workloads.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst', '  drain: {timeout: 60s}'));
});
afterAll(() => story.end());

const isReady = ({ status }: BurstWorker): boolean => status?.phase === 'Ready';
const isTrue = ({ status }: BurstWorker, of: string): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === of && is === 'True') ?? false;

/** What the operator wrote about these objects, in order: `verb resource name`. */
async function writesAbout(names: readonly string[], from = 0): Promise<string[]> {
  const ours = (entry: AuditEntry): boolean => isOurs(entry) && !isUsage(entry);
  const isOurs = ({ user, resource, name, code }: AuditEntry): boolean =>
    user === auditName('cortex-operator') &&
    code < 400 &&
    resource !== 'events' &&
    names.some((each) => name.startsWith(each));
  const entries = (await story.plane.audit()).filter(ours).slice(from);
  return entries.map(
    ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`,
  );
}

/** The first answer of which this holds; after a minute the last one, to be compared. */
const eventually = async <A>(ask: () => Promise<A>, holds: (answer: A) => boolean): Promise<A> => {
  const patient = async (): Promise<A> => {
    const answer = await ask();
    if (!holds(answer)) throw new Error('not yet');
    return answer;
  };
  return await vi.waitFor(patient, { timeout: 60_000, interval: 100 }).catch(ask);
};

test.concurrent('B5, D3: a worker is raised in four writes and what its admission takes, and goes in the order of the contract', async () => {
  await story.apply(workerOf('life', '  size: small'));
  const { metadata } = await story.workers.until('life', isReady);
  // The API server writes its audit log a moment after it has answered.
  const up = await eventually(
    async () => await writesAbout(['life']),
    (all) => all.length >= 7,
  );
  expect(up).toEqual([
    'patch burstworkers', // its finalizer
    'update burstworkers/status', // Admitted
    'update burstworkers/status', // the checkpoint
    'update burstworkers/status', // Launched
    'create nodes', // the provider's
    'patch nodes', // its marks
    'update burstworkers/status', // Ready
  ]);
  await story.apply(deploymentOn('life', 'web', 5));
  const pods = await story.cluster.follow(Pods);
  const five = await pods.eventually((all) => {
    const running = all.filter(({ spec, status }) => spec.nodeName === 'life' && status?.phase === 'Running');
    return running.length === 5 ? running : undefined;
  }, 'five pods');

  const before = (await writesAbout(['life', 'web-', `kwok-${metadata.uid}`])).length;
  await story.kubectl('delete', 'bw', 'life', '--wait=false');
  await story.workers.untilGone('life');
  const writes = await eventually(
    async () => await writesAbout(['life', 'web-', `kwok-${metadata.uid}`], before),
    (all) => all.includes('delete nodes') && all.at(-1) === 'patch burstworkers',
  );
  expect(writes).toEqual([
    'update burstworkers/status', // start and deadline
    'patch nodes', // the cordon
    ...five.map(() => 'create pods/eviction'),
    'update burstworkers/status', // Drained
    'delete leases', // the machine: the provider's
    'delete nodes',
    'patch burstworkers', // its finalizer
  ]);
  await story.kubectl('delete', 'deployment', 'web');
});

test.concurrent('T3: an end that is taken back mid-drain evicts no further pod and opens the Node again', async () => {
  await story.apply(workerOf('kept', '  ttl: 60s'));
  await story.workers.until('kept', isReady);
  await story.apply(deploymentOn('kept', 'held', 2) + '---' + budgetOver('held', 'minAvailable: 2'));
  const pods = await story.cluster.follow(Pods);
  const running = () => pods.store.list().filter(({ spec }) => spec.nodeName === 'kept');
  await pods.eventually(() => (running().length === 2 ? true : undefined), 'two pods');

  const blocked = await story.workers.until('kept', ({ status }) => (status?.drain?.blockers?.length ?? 0) > 0, 90_000);
  expect(blocked.status?.drain?.blockers).toEqual([
    expect.objectContaining({ kind: 'PodDisruptionBudget', namespace: 'default', name: 'held' }),
  ]);
  expect(blocked.metadata.deletionTimestamp).toBeUndefined();
  await story.kubectl('patch', 'bw', 'kept', '--type=merge', '-p', '{"spec":{"ttl":"2h"}}');

  const kept = await story.workers.until('kept', isReady);
  expect(kept.status?.drain).toBeUndefined();
  const node = await story.nodes.until('kept', ({ spec }) => spec.unschedulable !== true);
  expect(node.spec.taints?.map(({ key }) => key)).not.toContain('cortex.automation/draining');
  expect(running().map(({ metadata }) => metadata.deletionTimestamp)).toEqual([undefined, undefined]);
  await story.kubectl('delete', 'pdb', 'held');
  await story.kubectl('delete', 'deployment', 'held');
  await story.kubectl('delete', 'bw', 'kept');
});

test.concurrent('S11: a Node that a person deletes joins again while its machine runs', async () => {
  await story.apply(workerOf('rejoin'));
  const first = await story.workers.until('rejoin', isReady);
  await story.kubectl('delete', 'node', 'rejoin');

  const again = await story.workers.until(
    'rejoin',
    (worker) => isReady(worker) && worker.status?.nodeUID !== first.status?.nodeUID,
  );
  expect(again.metadata.uid).toBe(first.metadata.uid);
  await story.kubectl('delete', 'bw', 'rejoin');
});

test.concurrent('S7, D13: a machine that is gone under its Node ends the worker, whose pods are taken away at once', async () => {
  await story.apply(workerOf('lost'));
  const { metadata } = await story.workers.until('lost', isReady);
  await story.apply(deploymentOn('lost', 'stuck') + '---' + budgetOver('stuck', 'minAvailable: 1'));
  const pods = await story.cluster.follow(Pods);
  await pods.eventually((all) => all.find(({ spec }) => spec.nodeName === 'lost'), 'a pod');
  await story.kubectl('delete', 'lease', '-n', 'cortex-system', `kwok-${metadata.uid}`);
  await story.kubectl('annotate', 'node', 'lost', 'kwok.x-k8s.io/node-');
  const silent = '{"status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown"}]}}';
  await story.kubectl('patch', 'node', 'lost', '--subresource=status', '-p', silent);

  await story.workers.until('lost', ({ status }) =>
    (status?.conditions ?? []).some(({ type, status: is }) => type === 'VmGone' && is === 'Unknown'),
  );
  await story.workers.untilGone('lost', 120_000);
  await expect(story.nodes.untilGone('lost')).resolves.toBeUndefined();
  await story.kubectl('delete', 'deployment', 'stuck');
  await story.kubectl('delete', 'pdb', 'stuck');
});

test.concurrent('D3: a deletion in the foreground drains first, as every other', async () => {
  await story.apply(workerOf('foreground'));
  await story.workers.until('foreground', isReady);
  await story.apply(deploymentOn('foreground', 'front') + '---' + budgetOver('front', 'minAvailable: 1'));
  const pods = await story.cluster.follow(Pods);
  await pods.eventually((all) => all.find(({ spec }) => spec.nodeName === 'foreground'), 'a pod');
  await story.kubectl('delete', 'bw', 'foreground', '--cascade=foreground', '--wait=false');

  await story.workers.until('foreground', ({ status }) => (status?.drain?.blockers?.length ?? 0) > 0);
  expect(story.nodes.get('foreground')).toBeDefined();
  await story.kubectl('delete', 'pdb', 'front');
  await story.workers.untilGone('foreground');
  await story.kubectl('delete', 'deployment', 'front');
});

test.concurrent('a size that is edited under a live worker changes nothing of it', async () => {
  await story.apply(kwokPool('sizing').replace('default: true', 'default: false'));
  await story.apply(workerOf('sized', '  size: small').replace('pool: burst', 'pool: sizing'));
  const before = await story.workers.until('sized', isReady);
  const sizes = [
    { name: 'small', cpu: '64', memory: '1Ti' },
    { name: 'medium', cpu: '4', memory: '8Gi' },
  ];
  await story.kubectl('patch', 'wp', 'sizing', '--type=merge', '-p', JSON.stringify({ spec: { sizes } }));
  await story.pools.until('sizing', ({ spec, status, metadata }) => {
    const seen = status?.conditions?.every(({ observedGeneration }) => observedGeneration === metadata.generation);
    return seen === true && spec.sizes.length === 2;
  });

  expect(story.workers.get('sized')?.status?.resources).toEqual(before.status?.resources);
  expect(story.nodes.get('sized')?.status?.capacity).toMatchObject({ cpu: '2', memory: '4Gi' });
  await story.kubectl('delete', 'bw', 'sized');
});

test.concurrent('a WorkerPool deleted under live workers retires them, and goes last', async () => {
  await story.apply(kwokPool('leaving').replace('default: true', 'default: false'));
  await story.apply(workerOf('of-leaving').replace('pool: burst', 'pool: leaving'));
  await story.workers.until('of-leaving', isReady);
  await story.kubectl('delete', 'wp', 'leaving', '--wait=false');

  const going = await story.workers.until('of-leaving', (worker) => isTrue(worker, 'Expiring'));
  expect(story.pools.get('leaving')).toBeDefined();
  expect(going.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Expiring', status: 'True', reason: 'PoolDeleted' }),
  );
  await story.workers.untilGone('of-leaving');
  await story.pools.untilGone('leaving');
  expect(story.nodes.get('of-leaving')).toBeUndefined();
});

test.concurrent('D15: a machine outlives its last pod until its volumes are detached', async () => {
  await story.apply(workerOf('mounted'));
  const { metadata } = await story.workers.until('mounted', isReady);
  await story.apply(attachment('pv-mounted', 'mounted'));
  await story.kubectl('delete', 'bw', 'mounted', '--wait=false');

  const waiting = await story.workers.until('mounted', (worker) => isTrue(worker, 'Drained'));
  const said = waiting.status?.conditions?.find(({ type }) => type === 'VolumesDetached');
  expect(said).toMatchObject({ status: 'False', reason: 'VolumesAttached' });
  expect(said?.message).toContain('pv-mounted');
  await story.kubectl('get', 'lease', '-n', 'cortex-system', `kwok-${metadata.uid}`);
  await story.kubectl('delete', 'volumeattachment', 'of-pv-mounted');
  await story.workers.untilGone('mounted');
});

test.concurrent('deletionProtection refuses a DELETE and suspends a release, until it is taken away', async () => {
  await story.apply(kwokPool('guarded').replace('default: true', 'default: false'));
  await story.apply(allocation('guarded', 'workers: {count: 1, pool: guarded}'));
  await story.allocations.until('default/guarded', ({ status }) => status?.phase === 'Active');
  const worker = story.workers.store.list().find(({ spec }) => spec.pool === 'guarded');
  const name = worker?.metadata.name ?? '';
  const protect = (on: boolean) =>
    story.kubectl('patch', 'bw', name, '--type=merge', '-p', JSON.stringify({ spec: { deletionProtection: on } }));
  await protect(true);
  await expect(story.kubectl('delete', 'bw', name, '--wait=false')).rejects.toThrow('deletionProtection');
  await story.kubectl('delete', 'alloc', 'guarded');

  const kept = await story.workers.until(name, ({ status }) =>
    (status?.conditions ?? []).some(({ type, reason }) => type === 'Expiring' && reason === 'Protected'),
  );
  expect(kept.metadata.deletionTimestamp).toBeUndefined();
  expect(isReady(kept)).toBe(true);
  await protect(false);
  await story.workers.untilGone(name);
});

test.concurrent('S11: where onNodeDeleted is Terminate, a Node that a person deletes takes its machine along', async () => {
  await story.apply(kwokPool('ending', '  onNodeDeleted: Terminate').replace('default: true', 'default: false'));
  await story.apply(workerOf('of-ending').replace('pool: burst', 'pool: ending'));
  const { metadata } = await story.workers.until('of-ending', isReady);
  await story.kubectl('delete', 'node', 'of-ending');

  await story.workers.untilGone('of-ending');
  expect(story.nodes.get('of-ending')).toBeUndefined();
  await expect(story.kubectl('get', 'lease', '-n', 'cortex-system', `kwok-${metadata.uid}`)).rejects.toThrow(
    'not found',
  );
});

test.concurrent('C2: ReturnToPool empties the Node and frees it, the same machine, for the next to claim', async () => {
  await story.apply(kwokPool('lending').replace('default: true', 'default: false'));
  await story.apply(workerOf('lent', '  claimable: true').replace('pool: burst', 'pool: lending'));
  const before = await story.workers.until('lent', isReady);
  const asking = 'workers: {count: 1, pool: lending, size: medium}\nreclaimPolicy: ReturnToPool';
  await story.apply(allocation('borrower', asking));
  await story.allocations.until('default/borrower', ({ status }) => status?.phase === 'Active');
  await story.apply(podOn('lent', 'guest'));
  const pods = await story.cluster.follow(Pods);
  await pods.until('default/guest', ({ status }) => status?.phase === 'Running');
  await story.kubectl('delete', 'alloc', 'borrower');

  const free = await story.workers.until('lent', (worker) => isReady(worker) && worker.spec.claimRef === undefined);
  expect(pods.get('default/guest')).toBeUndefined();
  expect(free.status?.nodeUID).toBe(before.status?.nodeUID);
  expect(free.status?.vm?.id).toBe(before.status?.vm?.id);
  const node = await story.nodes.until('lent', ({ spec }) => spec.unschedulable !== true);
  expect(node.metadata.labels?.['cortex.automation/job']).toBe('');
  await story.apply(allocation('next', asking));
  const next = await story.allocations.until('default/next', ({ status }) => status?.phase === 'Active');
  expect(next.status?.workers?.map(({ name }) => name)).toEqual(['lent']);
});

test.concurrent('what the pods of a worker request is said of it, from its first Ready word on', async () => {
  await story.apply(workerOf('used'));
  const fresh = await story.workers.until('used', isReady);
  expect(fresh.status?.usage).toMatchObject({ pods: 0, cpu: '0', memory: '0' });
  await story.apply(podOn('used', 'user', 'resources: {requests: {cpu: 250m, memory: 64Mi}}'));

  const used = await story.workers.until('used', ({ status }) => status?.usage?.pods === 1);
  expect(used.status?.usage).toMatchObject({ cpu: '250m', memory: '64Mi' });
});
