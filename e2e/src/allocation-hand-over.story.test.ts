import { type Pod, Pods } from '@cortex/operator/kube/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Followed } from './system/cluster.ts';
import { auditName } from './system/identity.ts';
import { isFinished, isReady, said } from './system/said.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { budgetOver, jobPods } from './system/workloads.ts';

let story: Story;

/** As it lies in Git; it has a minute. */
const SYNCED = allocation('synced', 'ttl: 60s');

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true, kwokParallelism: 64 });
  await story.apply(kwokPool('burst', '  drain: {timeout: 2m, gracePeriod: 90s}'));
  await story.apply(SYNCED);
});
afterAll(() => story.end());

const machines = (): string[] =>
  story.workers.store
    .list()
    .map(({ metadata, status }) => `${metadata.uid} ${status?.nodeUID}`)
    .toSorted();
const uidsOf = (pods: Followed<Pod>): string[] =>
  pods.store
    .list()
    .map(({ metadata }) => metadata.uid)
    .toSorted();

test('T4: a hand-over moves a job with its workers, its servers and its pods: no eviction, no machine, no Node is touched', async () => {
  await story.apply(allocation('old', 'jobId: job\nworkers: {count: 5, size: small}\nttl: 30m'));
  await story.allocations.until('default/old', isReady);
  await story.apply(jobPods('job', 5));
  const pods = await story.cluster.follow(Pods);
  await pods.eventually(
    (all) => (all.filter(({ status }) => status?.phase === 'Running').length === 5 ? true : undefined),
    'five pods',
  );
  const [before, running] = [machines(), uidsOf(pods)];
  const from = (await story.plane.audit()).length;

  await story.apply(allocation('next', 'jobId: job\nworkers: {count: 5, size: small}\nttl: 30m\ntakesOver: old'));
  const next = await story.allocations.until('default/next', isReady);
  const old = await story.allocations.until('default/old', isFinished);

  expect(said(old, 'Finished')).toBe('HandedOver: Allocation next took over what it held');
  expect(next.status?.tookOver?.uid).toBe(old.metadata.uid);
  expect(machines()).toEqual(before);
  expect(uidsOf(pods)).toEqual(running);
  const writes = (await story.plane.audit()).slice(from).filter(({ user }) => user === auditName('cortex-operator'));
  const touched = writes.filter(
    ({ resource, subresource }) => resource === 'nodes' || resource === 'pods' || subresource === 'eviction',
  );
  expect(touched).toEqual([]);
});

test('T4: a hand-over of a hundred workers costs a claim each: no eviction, no machine, no Node', async () => {
  await story.apply(
    kwokPool('hundred', '  provisioning: {maxInFlight: 100}').replace('default: true', '').replace('20', '100'),
  );
  const spec = 'jobId: hundred\nworkers: {count: 100, size: small, pool: hundred}\nttl: 30m';
  await story.apply(allocation('hundred', spec));
  await story.allocations.until('default/hundred', isReady, 120_000);
  const before = machines();
  const from = (await story.plane.audit()).length;

  const startedAt = performance.now();
  await story.apply(allocation('hundred-more', `${spec}\ntakesOver: hundred`));
  await story.allocations.until('default/hundred-more', isReady, 120_000);
  const old = await story.allocations.until('default/hundred', isFinished, 120_000);
  const ms = Math.round(performance.now() - startedAt);

  expect(said(old, 'Finished')).toBe('HandedOver: Allocation hundred-more took over what it held');
  expect(machines()).toEqual(before);
  const writes = (await story.plane.audit()).slice(from).filter(({ user }) => user === auditName('cortex-operator'));
  expect(writes.filter(({ resource }) => resource === 'nodes' || resource === 'pods')).toEqual([]);
  expect(writes.filter(({ resource, name }) => resource === 'leases' && name !== 'cortex-operator')).toEqual([]); // KWOK's machines
  const claims = writes.filter(({ resource, subresource }) => resource === 'burstworkers' && subresource === '');
  expect(claims).toHaveLength(100);
  console.log(`a hundred workers changed hands within ${ms} ms, by ${claims.length} claims`);
});

test('T3, GitOps: a manifest with a longer ttl that is applied during the drain takes the end back: what is still there stays, and the Nodes are open again', async () => {
  await story.apply(budgetOver('mid', 'maxUnavailable: 0'));
  await story.apply(allocation('mid', 'jobId: mid\nworkers: {count: 2, size: small}\nttl: 60s'));
  await story.allocations.until('default/mid', isReady);
  await story.apply(jobPods('mid', 2));
  const warned = await story.allocations.until(
    'default/mid',
    (one) => said(one, 'Expiring').startsWith('TtlExpired'),
    90_000,
  );
  const uid = new Set(
    story.workers.store
      .list()
      .filter(({ spec }) => spec.claimRef?.uid === warned.metadata.uid)
      .map(({ metadata }) => metadata.uid),
  );
  await story.allocations.until('default/mid', ({ status }) => status?.phase === 'Releasing', 90_000);
  await story.nodes.eventually(
    (all) => (all.filter(({ spec }) => spec.unschedulable === true).length === 2 ? true : undefined),
    'cordoned',
  );

  await story.apply(allocation('mid', 'jobId: mid\nworkers: {count: 2, size: small}\nttl: 20m')); // as a sync from Git does
  const back = await story.allocations.until('default/mid', isReady);
  await story.nodes.eventually(
    (all) => (all.every(({ spec }) => spec.unschedulable !== true) ? true : undefined),
    'open again',
  );

  expect(back.status?.phase).toBe('Active');
  const kept = story.workers.store.list().filter(({ spec }) => spec.claimRef?.uid === back.metadata.uid);
  expect(new Set(kept.map(({ metadata }) => metadata.uid))).toEqual(uid);
  await story.kubectl('delete', 'alloc/mid', 'deployment/mid', 'pdb/mid', '--wait=false');
});

test('GitOps: a manifest that is applied again after its time is over revives nothing', async () => {
  await story.allocations.until('default/synced', isFinished, 120_000);
  const ended = story.allocations.get('default/synced');

  await story.apply(SYNCED);
  await story.apply(allocation('witness', 'ttl: 60s'));
  await story.allocations.until('default/witness', isReady);

  expect(story.allocations.get('default/synced')?.status).toEqual(ended?.status);
  expect(story.allocations.get('default/synced')?.metadata.uid).toBe(ended?.metadata.uid);
});
