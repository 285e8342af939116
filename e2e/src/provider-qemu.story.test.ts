import type { Allocation, BurstWorker } from '@cortex/crds';
import type { Node } from '@cortex/operator/kube/core';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, openGateway } from './qemu/gateway.ts';
import { guestImages, lacksGuests } from './qemu/guest.ts';
import { endMachines, machinesIn, processesOf } from './qemu/machines.ts';
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
  story = await Story.begin({ nodeGraceSeconds: 16, env: { CORTEX_QEMU_FOLDER: folder, CORTEX_QEMU_IMAGES: images } });
  gateway = await openGateway(story.plane);
  await story.apply(qemuPool(gateway.port));
}, 300_000);

afterAll(async () => {
  if (lacks !== undefined) return;
  await story.end();
  await gateway[Symbol.asyncDispose]();
  endMachines(folder);
  rmSync(folder, { recursive: true, force: true });
});

const isReady = ({ status }: Allocation | BurstWorker): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const NOTHING = {} as Allocation;
const SHA256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
const uidsOf = (objects: readonly BurstWorker[]): string[] => objects.map(({ metadata }) => metadata.uid).toSorted();
const identityOf = ({ metadata, status }: Node): unknown => [metadata.name, metadata.uid, status?.nodeInfo?.systemUUID];
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

/** What the gateway answers to a caller who ends its own half of the connection once it has asked. */
async function askedAndEnded(path: string): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n`);
  return await text(socket);
}

/** The minute of the first job is the longest thing here: the rest happens within it. */
describe.skipIf(lacks !== undefined)('real machines', { timeout: 300_000 }, () => {
  test('a guest that has said everything is answered all the same', async () => {
    expect(await askedAndEnded('/version')).toMatch(/^HTTP\/1\.1 \d{3} /);
  });

  test('26, 28: an Allocation of two becomes Ready on two guests, which are its workers by their UUIDs', async () => {
    const startedAt = performance.now();
    await story.apply(allocation('job', 'workers: {count: 2}\nttl: 60s'));
    await story.allocations.until('default/job', isReady, 180_000);
    console.log(`two real machines Ready after ${seconds(startedAt)} s`);

    const workers = story.workers.store.list();
    const nodes = story.nodes.store.list();
    expect(nodes.map(machineOf).toSorted()).toEqual(uidsOf(workers));
    expect(machinesIn(folder)).toEqual(uidsOf(workers));
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
    expect(workers.map(({ status }) => status?.vm?.seedHash)).toEqual([SHA256, SHA256]);
  });

  test('36: a machine killed under a Ready worker is noticed, said, and runs again as the Node that it was', async () => {
    // However slow this machine is: its end comes only after its trouble.
    await story.kubectl('patch', 'alloc', 'job', '--type', 'merge', '-p', '{"spec":{"ttl":"1h"}}');
    const killedAt = performance.now();
    const [before, [victim = 0, other]] = [story.nodes.store.list().map(identityOf), processesOf(folder)];
    process.kill(victim, 'SIGKILL');

    const lost = await story.allocations.until('default/job', (each) => !isReady(each), 120_000);
    console.log(`a killed machine noticed after ${seconds(killedAt)} s`);
    expect(lost.status).toMatchObject({ phase: 'Active', workersReady: '1/2' });
    expect(lost.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'WorkerLost' }),
    );

    await story.allocations.until('default/job', isReady, 180_000);
    console.log(`and Ready again after ${seconds(killedAt)} s`);
    expect(story.nodes.store.list().map(identityOf)).toEqual(before);
    const running = processesOf(folder);
    expect(running).toHaveLength(2);
    expect([running.includes(victim), running.includes(other ?? 0)]).toEqual([false, true]);
    await story.kubectl('patch', 'alloc', 'job', '--type', 'merge', '-p', '{"spec":{"ttl":"60s"}}');
  });

  test('11: a template that cannot be filled in is said, and no machine is made', async () => {
    const before = machinesIn(folder);
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
    expect(machinesIn(folder)).toEqual(before);
    await story.apply(qemuPool(gateway.port));
    await story.kubectl('delete', 'alloc', 'wrong', '--wait=false');
    await story.workers.untilGone(worker.metadata.name);
  });

  test('5, 37: an operator killed at every change of a job makes the same two machines', async () => {
    await story.apply(allocation('killed', 'workers: {count: 2}'));
    const kills = await killAtEveryChange(() => isReady(story.allocations.store.get('default/killed') ?? NOTHING));

    expect(machinesIn(folder)).toEqual(uidsOf(story.workers.store.list()));
    expect(processesOf(folder)).toHaveLength(machinesIn(folder).length);
    expect(kills).toBeGreaterThan(2);
  });

  test('5, 37: and at every change of its end, and of the first when its ttl is over, leaves neither process nor folder', async () => {
    await story.kubectl('delete', 'alloc', 'killed', '--wait=false');
    const kills = await killAtEveryChange(() => story.workers.store.size + story.nodes.store.size === 0);

    expect([machinesIn(folder), processesOf(folder), await tokens()]).toEqual([[], [], []]);
    expect(kills).toBeGreaterThan(2);
    const finished = await story.allocations.until('default/job', ({ status }) => status?.phase === 'Released', 60_000);
    expect(finished.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Finished', reason: 'TtlExpired' }),
    );
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
