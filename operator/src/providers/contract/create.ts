import assert from 'node:assert/strict';
import { ProviderError } from '../errors.ts';
import type { Checkpoint, VmRequest } from '../provider.ts';
import { one, patient, planned, raise, running, stranger, untouched } from './drive.ts';
import type { Case, Harness, Machine } from './harness.ts';

/** More changes than any provider here needs for one machine. */
const CHANGES = [0, 1, 2, 3, 4, 5];

/** Somebody else was there first: ours goes elsewhere, or says so. */
async function raisedOrForeign(harness: Harness, request: VmRequest, checkpoint: Checkpoint): Promise<void> {
  try {
    await raise(harness, request, checkpoint);
  } catch (error) {
    assert.ok(error instanceof ProviderError && error.class === 'Foreign', String(error));
    return;
  }
  await one(harness, request);
}

export const create: readonly Case[] = [
  {
    title: '1: plan changes nothing, and plans the same again',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const again = await harness.restarted().plan(request, harness.now());

      assert.equal(harness.faults.changes, 0);
      assert.deepEqual([again.uuid, again.id], [request.workerUid, checkpoint.id]);
    },
  },
  {
    title: '2: ensure leads to a running machine that carries the marker',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const machine = await one(harness, request);
      const view = await harness.provider.observe(request, checkpoint, patient());

      assert.equal(view.state, 'running');
      assert.equal(view.id, machine.id);
      assert.deepEqual([view.clusterId, view.workerUid], [request.clusterId, request.workerUid]);
    },
  },
  {
    title: '3: twenty more ensures change nothing',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const machine = await one(harness, request);
      for (let turn = 0; turn < 20; turn++)
        assert.equal((await harness.provider.ensure(request, checkpoint, patient())).done, true);

      await untouched(harness, machine);
      await one(harness, request);
    },
  },
  {
    title: '3: an ensure makes at most one call that changes something',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      let written = checkpoint;
      for (let done = false; !done; ) {
        const before = harness.faults.changes;
        const step = await harness.provider.ensure(request, written, patient());
        assert.ok(harness.faults.changes - before <= 1);
        harness.pass(step.retryAfterMs ?? 0);
        [written, done] = [step.checkpoint, step.done];
      }
    },
  },
  {
    title: '4: two processes with one checkpoint make one machine',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const other = harness.restarted();
      await Promise.all([raise(harness, request, checkpoint), raise(harness, request, checkpoint, () => other)]);

      await one(harness, request);
    },
  },
  ...(['before', 'after'] as const).map((when) => ({
    title: `5, 6: killed ${when} any change reached the world, a new process makes one machine`,
    async run(harness: Harness) {
      for (const skip of CHANGES) {
        const { request, checkpoint } = await planned(harness);
        harness.faults.plan('change', when, harness.lost, skip);
        await raise(harness, request, checkpoint, () => harness.restarted());
        harness.faults.clear();

        await one(harness, request);
      }
    },
  })),
  {
    title: '5: killed before any step was written down, a new process makes one machine',
    async run(harness) {
      for (const steps of CHANGES) {
        const { request, checkpoint } = await planned(harness);
        for (let step = 0; step < steps; step++)
          harness.pass((await harness.provider.ensure(request, checkpoint, patient())).retryAfterMs ?? 0);
        await raise(harness, request, checkpoint, () => harness.restarted());

        await one(harness, request);
      }
    },
  },
  {
    title: '7: an id that another machine has is left to it',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const foreign = await harness.world.plant(stranger(request), checkpoint.id);
      await raisedOrForeign(harness, request, checkpoint);

      await untouched(harness, foreign);
    },
  },
  {
    title: '7: an id that another machine takes at the last moment is left to it',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const foreign: Machine[] = [];
      harness.faults.plan('change', 'before', async () => {
        foreign.push(await harness.world.plant(stranger(request), checkpoint.id));
      });
      await raisedOrForeign(harness, request, checkpoint);

      assert.equal(foreign.length, 1);
      for (const machine of foreign) await untouched(harness, machine);
    },
  },
  {
    title: '8: another machine with our name is not ours',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const foreign = await harness.world.plant(stranger(request));
      await raise(harness, request, checkpoint);

      await one(harness, request);
      await untouched(harness, foreign);
    },
  },
];
