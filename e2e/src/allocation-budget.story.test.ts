import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from './control-plane/control-plane.ts';
import { auditName } from './system/identity.ts';
import { isFinished, isReady } from './system/said.ts';
import { allocation, kwokPool, Story } from './system/story.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: true });
  await story.apply(kwokPool('burst'));
  await story.apply(kwokPool('kept', '  warm: 2\n  defaultSize: small').replace('default: true', 'default: false'));
  await story.pools.until('kept', ({ status }) => status?.workers?.warm === 2);
});
afterAll(() => story.end());

/** What a job of new workers costs, without what the workers cost. */
const ofJob = ({ verb, resource, name }: AuditEntry): boolean =>
  name === 'job' || (verb === 'create' && resource === 'burstworkers');

const isOurs = ({ user, code, resource }: AuditEntry): boolean =>
  user === auditName('cortex-operator') && code < 400 && !['events', 'leases', 'workerpools'].includes(resource);

/** What the operator wrote since, about Allocations, their workers and the Nodes of these: `verb resource`, in order. */
async function writesSince(from: number, concern: (entry: AuditEntry) => boolean): Promise<string[]> {
  const entries = (await story.plane.audit()).slice(from).filter((entry) => isOurs(entry) && concern(entry));
  return entries.map(
    ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`,
  );
}

const mark = async (): Promise<number> => (await story.plane.audit()).length;
/** The API server writes its audit log a moment after it has answered. */
const patience = { timeout: 20_000 };

test('B5: an Allocation without workers costs one write', async () => {
  const from = await mark();
  await story.apply(allocation('idle', 'ttl: 5m'));
  await story.allocations.until('default/idle', isReady);

  await expect
    .poll(async () => await writesSince(from, ({ name }) => name === 'idle'), patience)
    .toEqual(['update allocations/status']);
});

test('B5: an Allocation with k new workers costs its reservation, k creates and Ready; its expiry three more', async () => {
  const from = await mark();
  await story.apply(allocation('job', 'workers: {count: 3, size: small}\nttl: 60s'));
  await story.allocations.until('default/job', isReady);
  const up = [
    'update allocations/status',
    ...Array<string>(3).fill('create burstworkers'),
    'update allocations/status',
  ];
  await expect.poll(async () => await writesSince(from, ofJob), patience).toEqual(up);

  await story.allocations.until('default/job', isFinished, 120_000);
  const down = Array<string>(3).fill('update allocations/status');
  await expect.poll(async () => await writesSince(from, ofJob), patience).toEqual([...up, ...down]);
});

test('B5: an Allocation with k warm workers costs k claims, k marks and Ready', async () => {
  const from = await mark();
  await story.apply(allocation('quick', 'workers: {count: 2, size: small, pool: kept}'));
  const { metadata } = await story.allocations.until('default/quick', isReady);
  const claimed = story.workers.store.list().filter(({ spec }) => spec.claimRef?.uid === metadata.uid);
  const names = new Set([...claimed.map((worker) => worker.metadata.name), 'quick']);

  await expect
    .poll(async () => (await writesSince(from, ({ name }) => names.has(name))).slice(0, 5).toSorted(), patience)
    .toEqual(['patch burstworkers', 'patch burstworkers', 'patch nodes', 'patch nodes', 'update allocations/status']);
});
