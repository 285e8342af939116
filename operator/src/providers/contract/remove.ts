import assert from 'node:assert/strict';
import type { Checkpoint, VmRequest } from '../provider.ts';
import type { Case, Harness } from './harness.ts';
import { clear, none, patient, planned, refused, running, stranger, untouched } from './drive.ts';

/** More steps than any provider here needs for one machine. */
const STEPS = [0, 1, 2, 3, 4, 5];

export const remove: readonly Case[] = [
  {
    title: '6: an answer that is lost while removing costs a look, not a machine',
    async run(harness) {
      for (const skip of STEPS) {
        const { request, checkpoint } = await running(harness);
        harness.faults.plan('change', 'after', harness.lost, skip);
        await clear(harness, request, checkpoint, () => harness.restarted());
        harness.faults.clear();

        await none(harness, request);
      }
    },
  },
  {
    title: '21: removed twenty times, a machine is absent each time',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      await clear(harness, request, checkpoint);
      const before = harness.faults.changes;
      for (let turn = 0; turn < 20; turn++) {
        const { vm, done } = await harness.provider.remove(request, checkpoint, patient());
        assert.deepEqual([vm.state, done], ['absent', true]);
      }

      assert.equal(harness.faults.changes, before);
      assert.equal((await harness.provider.observe(request, checkpoint, patient())).state, 'absent');
    },
  },
  {
    title: '21: a machine is removed from every state on its way up',
    async run(harness) {
      for (const steps of STEPS) {
        const { request, checkpoint } = await planned(harness);
        let written = checkpoint;
        for (let turn = 0; turn < steps; turn++) {
          const step = await harness.provider.ensure(request, written, patient());
          harness.pass(step.retryAfterMs ?? 0);
          written = step.checkpoint;
        }
        await clear(harness, request, written);

        await none(harness, request);
      }
    },
  },
  {
    title: '22: removed while it is being created, a machine ends absent',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const creating = harness.restarted().ensure(request, checkpoint, patient());
      await Promise.allSettled([creating, harness.provider.remove(request, checkpoint, patient())]);
      await clear(harness, request, checkpoint);

      await none(harness, request);
    },
  },
  {
    title: '24: a machine that somebody destroyed is a machine removed',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      await harness.world.destroy(checkpoint.id ?? '');
      const before = harness.faults.changes;
      const { vm } = await clear(harness, request, checkpoint);

      assert.equal(vm.state, 'absent');
      const seeds = checkpoint.seed === undefined ? 0 : 1;
      assert.ok(harness.faults.changes - before <= seeds, 'more than its seed was changed');
    },
  },
  {
    title: '24, 25: an id that went to another machine is Foreign, and nothing of it is touched',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      await harness.world.destroy(checkpoint.id ?? '');
      await isLeftAlone(harness, request, checkpoint);
    },
  },
  {
    title: "25: a machine of this worker's namesake in another cluster is Foreign",
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const namesake = { ...request, clusterId: stranger(request).clusterId };
      await isLeftAlone(harness, request, checkpoint, namesake);
    },
  },
];

async function isLeftAlone(
  harness: Harness,
  request: VmRequest,
  checkpoint: Checkpoint,
  owner = stranger(request),
): Promise<void> {
  const foreign = await harness.world.plant(owner, checkpoint.id);
  const before = harness.faults.changes;

  await refused(harness.provider.remove(request, checkpoint, patient()), 'Foreign');
  assert.equal(harness.faults.changes, before);
  await untouched(harness, foreign);
}
