import assert from 'node:assert/strict';
import type { Case } from './harness.ts';
import { all, one, patient, planned, raise, refused, running, stranger } from './drive.ts';

const MANY = 500;

export const look: readonly Case[] = [
  {
    title: '14: a machine is absent, pending, running, stopped and running again',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const state = async (): Promise<string> => (await harness.provider.observe(request, checkpoint, patient())).state;
      assert.equal(await state(), 'absent');

      await harness.provider.ensure(request, checkpoint, patient());
      assert.equal(await state(), 'pending');

      await raise(harness, request, checkpoint);
      assert.equal(await state(), 'running');

      await harness.world.switchOff((await one(harness, request)).id);
      assert.equal(await state(), 'stopped');

      await raise(harness, request, checkpoint);
      assert.equal(await state(), 'running');
    },
  },
  {
    title: '14: a source that does not answer is no absence',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      harness.faults.plan('read', 'before', harness.lost);

      await refused(harness.provider.observe(request, checkpoint, patient()), 'Transient');
    },
  },
  {
    title: "14: another's machine under our id is unknown, not absent",
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      await harness.world.plant(stranger(request), checkpoint.id);

      assert.equal((await harness.provider.observe(request, checkpoint, patient())).state, 'unknown');
    },
  },
  {
    title: "18: list names every machine of this cluster and none of another's",
    async run(harness) {
      const workers = [await running(harness), await running(harness), await planned(harness)];
      const [, , last] = workers;
      if (last)
        harness.pass((await harness.provider.ensure(last.request, last.checkpoint, patient())).retryAfterMs ?? 0);
      await harness.world.plant(stranger({ name: 'theirs' }));
      const views = await all(harness.provider.list(harness.clusterId, patient()));

      assert.equal(views.length, workers.length);
      assert.deepEqual(
        new Set(views.map(({ workerUid }) => workerUid)),
        new Set(workers.map(({ request }) => request.workerUid)),
      );
    },
  },
  {
    title: '18: list throws rather than answer a part',
    async run(harness) {
      await running(harness);
      harness.faults.plan('read', 'after', harness.lost);

      await refused(all(harness.provider.list(harness.clusterId, patient())), 'Transient');
    },
  },
  {
    title: '19: five hundred machines are listed with few calls',
    async run(harness) {
      const plant = async (at: number): Promise<unknown> =>
        await harness.world.plant({ ...stranger({ name: `many-${at}` }), clusterId: harness.clusterId });
      await Promise.all(Array.from({ length: MANY }, (_, at) => plant(at)));
      const before = harness.faults.reads;
      const views = await all(harness.provider.list(harness.clusterId, patient()));

      assert.equal(views.length, MANY);
      assert.ok(harness.faults.reads - before <= 10);
    },
  },
];
