import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import { describe, expect, test, vi } from 'vitest';
import { lacksQemu, qemuHarness } from '../../testing/qemu/harness.ts';
import { clear, none, one, patient, planned, raise, running } from '../contract/drive.ts';
import { contract } from '../contract.ts';
import { hashOf } from '../iso.ts';
import { processOf } from './processes.ts';

if (lacksQemu !== undefined) console.warn(`SKIPPED: ${lacksQemu}`);

describe.skipIf(lacksQemu !== undefined)('what every provider promises, with real processes', () => {
  test.for(contract)('$title', { timeout: 60_000 }, async (promise) => {
    await expect(promise.run(qemuHarness())).resolves.toBeUndefined();
  });
});

describe.skipIf(lacksQemu !== undefined)('the process of a machine', { timeout: 60_000 }, () => {
  test('36: killed, its machine is stopped, and is started again', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await running(harness);
    const pid = await harness.pidOf(request.workerUid);
    kill(pid, 'SIGKILL');
    await vi.waitFor(async () =>
      expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('stopped'),
    );

    await raise(harness, request, checkpoint);
    expect(await harness.pidOf(request.workerUid)).not.toBe(pid);
  });

  test('36: a number that another process has by now is nobody of ours, and is not killed', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await planned(harness);
    await harness.provider.ensure(request, checkpoint, patient());
    const folder = join(harness.machines, request.workerUid);
    writeFileSync(join(folder, 'pid'), `${process.pid}\n`);

    expect(await processOf(folder, request.workerUid)).toBeUndefined();
    await clear(harness, request, checkpoint);
    await none(harness, request);
  });

  test('36: one that does not answer is ended only by a kill that looks who it is', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await running(harness);
    const pid = await harness.pidOf(request.workerUid);
    kill(pid, 'SIGSTOP');
    expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('unknown');

    const ending = { graceful: false, graceMs: 0 };
    await harness.provider.remove(request, checkpoint, patient(), ending);
    await vi.waitFor(() =>
      expect(existsSync(`/proc/${pid}/fd`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBeFalsy(),
    );
    await clear(harness, request, checkpoint);
    await none(harness, request);
  });

  test('37: an operator that starts again finds its machines running', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await running(harness);
    const pid = await harness.pidOf(request.workerUid);

    await expect(harness.restarted().ensure(request, checkpoint, patient())).resolves.toMatchObject({ done: true });
    expect(await harness.pidOf(request.workerUid)).toBe(pid);
  });

  test('4: started by two at once, it is one, and it still answers', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await planned(harness);
    await harness.provider.ensure(request, checkpoint, patient());
    await harness.provider.ensure(request, checkpoint, patient());
    const [machine] = await harness.host.list();
    if (machine === undefined) throw new Error('no machine');
    const starts = await Promise.allSettled([harness.host.start(machine.record), harness.host.start(machine.record)]);

    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await harness.host.find(request.workerUid))?.power).toBe('on');
    await one(harness, request);
  });
});

describe.skipIf(lacksQemu !== undefined)('its seed', { timeout: 60_000 }, () => {
  test('28: is for its owner alone, and goes once its Node has joined', async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await running(harness);
    const seed = join(harness.machines, request.workerUid, 'seed.iso');
    expect(statSync(seed).mode & 0o077).toBe(0);
    expect(readFileSync(seed, 'latin1')).toContain('a-canary-token');
    expect(checkpoint.seedHash).toBe(hashOf(readFileSync(seed)));

    const step = await harness.provider.settle?.(request, checkpoint, patient());
    expect([step?.done, step?.checkpoint.seed, existsSync(seed)]).toEqual([true, undefined, false]);
    await expect(harness.provider.ensure(request, step?.checkpoint ?? {}, patient())).resolves.toMatchObject({
      done: true,
    });
    expect(existsSync(seed)).toBe(false);
  });
});

test.skipIf(lacksQemu !== undefined)(
  '20: the power button is pressed again and again, and the plug pulled after its time',
  async () => {
    const harness = qemuHarness();
    const { request, checkpoint } = await running(harness);
    const before = harness.faults.changes;
    const startedAt = harness.now().getTime();
    await clear(harness, request, checkpoint);

    expect(harness.now().getTime() - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(harness.faults.changes - before).toBe(122);
  },
  60_000,
);

test.skipIf(lacksQemu !== undefined)('11: an image that is not there is Invalid, and says what to do', async () => {
  const harness = qemuHarness();
  const { request, checkpoint } = await planned(harness);
  const record = { ...request, image: 'none', cpus: 1, memoryMiB: 64, diskGiB: 1 };

  await expect(harness.host.create(record)).rejects.toMatchObject({
    class: 'Invalid',
    code: 'ImageMissing',
    message: expect.stringContaining('"make guest"'),
  });
  expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('absent');
});
