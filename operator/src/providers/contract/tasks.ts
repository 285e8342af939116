import assert from 'node:assert/strict';
import { clear, none, one, patient, planned, raise, refused, running } from './drive.ts';
import type { Case, Harness } from './harness.ts';

/** A world whose work takes time, may end otherwise than it says, and has locks. */
export interface TaskHarness extends Harness {
  readonly hypervisor: {
    /** The next creation takes so long, says this at its end, and has made a machine or not. */
    nextCreation(outcome: { ms?: number; ends?: 'ok' | 'warnings' | 'failed'; made?: boolean }): void;
    /** There is room for so many more machines. */
    leaveRoom(machines: number): void;
    lock(id: string, locked: boolean): void;
    /** Its guest ignores that it is asked to shut down. */
    deafen(id: string): void;
    move(id: string, host: string): void;
  };
}

const MINUTES_MS = 300_000;

export const tasks: readonly Case<TaskHarness>[] = [
  {
    title: '9: a creation of minutes is a task in the checkpoint, which a new process goes on with',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      harness.hypervisor.nextCreation({ ms: MINUTES_MS });
      const step = await harness.provider.ensure(request, checkpoint, patient());
      assert.ok(step.checkpoint.operation);
      const resumed = await harness.restarted().ensure(request, step.checkpoint, patient());
      assert.deepEqual([resumed.done, resumed.checkpoint.operation], [false, step.checkpoint.operation]);

      harness.pass(MINUTES_MS);
      const raised = await raise(harness, request, resumed.checkpoint, () => harness.restarted());
      assert.equal(raised.checkpoint.operation, undefined);
      await one(harness, request);
    },
  },
  ...(
    [
      ['ends with warnings', { ends: 'warnings', made: true }],
      ['says it failed, but made the machine', { ends: 'failed', made: true }],
      ['says it made the machine, but did not', { ends: 'ok', made: false }],
      ['fails', { ends: 'failed', made: false }],
    ] as const
  ).map(([how, outcome]) => ({
    title: `10: a creation that ${how} leads to one machine`,
    async run(harness: TaskHarness) {
      const { request, checkpoint } = await planned(harness);
      harness.hypervisor.nextCreation(outcome);
      await raise(harness, request, checkpoint);

      await one(harness, request);
    },
  })),
  {
    title: '7: an id that another machine has leads to another id, written down before it is used',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      await harness.world.plant({ ...request, workerUid: 'somebody' }, checkpoint.id);
      const step = await harness.provider.ensure(request, checkpoint, patient());

      assert.notEqual(step.checkpoint.id, checkpoint.id);
      assert.equal(harness.faults.changes, 0);
      await raise(harness, request, step.checkpoint);
      assert.equal((await one(harness, request)).id, step.checkpoint.id);
    },
  },
  {
    title: '12: where there is no room nothing is left behind, and room made later is used',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      harness.hypervisor.leaveRoom(0);
      await refused(harness.provider.ensure(request, checkpoint, patient()), 'Capacity');
      await none(harness, request);

      harness.hypervisor.leaveRoom(1);
      await raise(harness, request, checkpoint);
    },
  },
  {
    title: '16: a machine that somebody moved is found, and its new host written down',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      harness.hypervisor.move(checkpoint.id ?? '', 'host-2');

      assert.equal((await harness.provider.observe(request, checkpoint, patient())).host, 'host-2');
      assert.equal((await raise(harness, request, checkpoint)).checkpoint.host, 'host-2');
    },
  },
  {
    title: '20: a machine is asked to shut down, and given its time',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const ending = { graceful: true, graceMs: 60_000 };
      const asked = await harness.provider.remove(request, checkpoint, patient(), ending);
      assert.equal(asked.vm.state, 'stopping');
      harness.pass(59_000);
      const before = harness.faults.changes;
      await harness.provider.remove(request, asked.checkpoint, patient(), ending);
      assert.equal(harness.faults.changes, before);

      harness.pass(1_000);
      const since = harness.now().getTime();
      await clear(harness, request, asked.checkpoint);
      assert.ok(harness.now().getTime() - since < 30_000, 'it was asked again, or waited for once more');
      await none(harness, request);
    },
  },
  {
    title: '20: a machine that does not listen is switched off after its time',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      harness.hypervisor.deafen(checkpoint.id ?? '');
      const startedAt = harness.now().getTime();
      await clear(harness, request, checkpoint);

      assert.ok(harness.now().getTime() - startedAt >= 60_000);
      await none(harness, request);
    },
  },
  {
    title: '23: a locked machine is a Conflict until it is unlocked',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const { id } = await one(harness, request);
      await harness.world.switchOff(id);
      harness.hypervisor.lock(id, true);
      await refused(harness.provider.remove(request, checkpoint, patient()), 'Conflict');
      await one(harness, request);

      harness.hypervisor.lock(id, false);
      await clear(harness, request, checkpoint);
      await none(harness, request);
    },
  },
];
