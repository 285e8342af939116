import type { Allocation, BurstWorker } from '@cortex/crds';
import type { Node } from '@cortex/operator/kube/core';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, openGateway } from './qemu/gateway.ts';
import { guestImages, lacksGuests } from './qemu/guest.ts';
import { machinesIn, processesOf } from './qemu/machines.ts';
import { qemuPool } from './qemu/pool.ts';
import { allocation, Story } from './system/story.ts';

const lacks = lacksGuests();
if (lacks !== undefined) console.warn(`SKIPPED: no real machines: ${lacks}`);

let story: Story;
let gateway: Gateway;
let folder: string;

beforeAll(async () => {
  if (lacks !== undefined) return;
  const images = guestImages();
  folder = mkdtempSync('/tmp/cortex-vms-');
  story = await Story.begin({ env: { CORTEX_QEMU_FOLDER: folder, CORTEX_QEMU_IMAGES: images } });
  gateway = await openGateway(story.plane);
  await story.apply(qemuPool(gateway.port));
}, 300_000);

afterAll(async () => {
  if (lacks !== undefined) return;
  await story.end();
  await gateway[Symbol.asyncDispose]();
  for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const isReady = ({ status }: Allocation | BurstWorker): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const gone = (objects: readonly unknown[]): true | undefined => (objects.length === 0 ? true : undefined);
const machineOf = ({ status }: Node): string => status?.nodeInfo?.systemUUID ?? '';

async function tokens(): Promise<string[]> {
  const listed = await story.kubectl(
    'get',
    'secrets',
    '-n',
    'kube-system',
    '-o',
    'name',
    '-l',
    'cortex.automation/worker-uid',
  );
  return listed.split('\n').filter((line) => line !== '');
}

describe.skipIf(lacks !== undefined)('real machines', { timeout: 300_000 }, () => {
  test('an Allocation of two becomes Ready on two guests, and at its end neither process nor folder is left', async () => {
    const startedAt = performance.now();
    await story.apply(allocation('job', 'workers: {count: 2}\nttl: 60s'));
    await story.allocations.until('default/job', isReady, 180_000);
    console.log(`two real machines Ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);

    const workers = story.workers.store.list();
    const nodes = story.nodes.store.list();
    expect(nodes.map(machineOf).toSorted()).toEqual(workers.map(({ metadata }) => metadata.uid).toSorted());
    expect(machinesIn(folder)).toEqual(workers.map(({ metadata }) => metadata.uid).toSorted());
    expect(processesOf(folder)).toHaveLength(2);
    expect(nodes.map(({ metadata }) => metadata.labels?.['cortex.automation/job'])).toEqual([
      'default.job',
      'default.job',
    ]);

    await story.workers.eventually(
      (all) => (all.every(({ status }) => status?.vm?.seed === undefined) ? true : undefined),
      'the seeds to be taken away',
    );
    expect(await tokens()).toEqual([]);
    expect(workers.filter(({ metadata }) => existsSync(join(folder, 'machines', metadata.uid, 'seed.iso')))).toEqual(
      [],
    );

    const finished = await story.allocations.until(
      'default/job',
      ({ status }) => status?.phase === 'Released',
      180_000,
    );
    expect(finished.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Finished', reason: 'TtlExpired' }),
    );
    await story.workers.eventually(gone, 'the workers to go', 120_000);
    await story.nodes.eventually(gone, 'the Nodes to go', 120_000);
    expect([machinesIn(folder), processesOf(folder)]).toEqual([[], []]);
  });

  test('5, 37: an operator killed at every change of a job ends with the same two machines, and with none', async () => {
    await story.apply(allocation('killed', 'workers: {count: 2}'));
    const up = await killAtEveryChange(() => story.allocations.store.list().some(isReady));
    expect(machinesIn(folder)).toEqual(
      story.workers.store
        .list()
        .map(({ metadata }) => metadata.uid)
        .toSorted(),
    );
    expect(processesOf(folder)).toHaveLength(2);

    await story.kubectl('delete', 'alloc', 'killed', '--wait=false');
    const down = await killAtEveryChange(() => story.workers.store.size + story.nodes.store.size === 0);
    expect([machinesIn(folder), processesOf(folder), await tokens()]).toEqual([[], [], []]);
    expect(Math.min(up, down)).toBeGreaterThan(2);
  });

  test('11: a template that cannot be filled in is said, and no machine is made', async () => {
    await story.apply(qemuPool(gateway.port).replace('{{ token }}', '{{ tokne }}'));
    await story.apply(allocation('wrong', 'workers: {count: 1}'));
    const worker = await story.workers.eventually(
      (all) => all.find(({ status }) => status?.conditions?.some(({ message }) => message.includes('tokne'))),
      'the worker to say what is wrong',
    );

    expect(worker.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        status: 'False',
        reason: 'TemplateInvalid',
        message: expect.stringContaining('key user-data of Secret guest-seed, line 4: there is no variable tokne'),
      }),
    );
    expect(machinesIn(folder)).toEqual([]);
    await story.apply(qemuPool(gateway.port));
    await story.kubectl('delete', 'alloc', 'wrong', '--wait=false');
    await story.workers.eventually(gone, 'the worker to go');
  });

  test('29: no token is in the log of the operator', () => {
    expect(readFileSync(story.operator.log, 'utf8')).not.toMatch(/[a-z0-9]{6}\.[a-z0-9]{16}/);
  });
});

/** Kills the operator whenever an object of the job changes, and starts it again, until `done`; answers how often. */
async function killAtEveryChange(done: () => boolean): Promise<number> {
  let kills = 0;
  while (!done()) {
    await nextChange(done);
    if (done()) break;
    await story.operator.end('SIGKILL');
    await story.restartOperator();
    kills++;
  }
  return kills;
}

async function nextChange(done: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ends = [story.allocations, story.workers, story.nodes].map(({ store }) => store.onChange(() => resolve()));
  if (!done()) await promise;
  for (const end of ends) end();
}
