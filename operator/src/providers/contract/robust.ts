import assert from 'node:assert/strict';
import type { Checkpoint, VmRequest } from '../provider.ts';
import type { Case, Harness } from './harness.ts';
import { all, clear, none, one, patient, planned, raise, refused, running } from './drive.ts';

const HOUR_MS = 3_600_000;

export const robust: readonly Case[] = [
  {
    title: '15, 30: every refusal comes in its class, whatever was asked, and costs no machine',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      for (const [error, of] of harness.refusals) {
        for (const call of reads(harness, request, checkpoint)) {
          harness.faults.plan('read', 'before', error);
          await refused(call(), of);
        }
        harness.faults.plan('change', 'before', error);
        await refused(harness.provider.remove(request, checkpoint, patient()), of);
      }

      await one(harness, request);
      await raise(harness, request, checkpoint);
    },
  },
  {
    title: '32: a call that is cut off ends at once, and is found out about later',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const [struck, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      harness.faults.plan('change', 'before', async () => {
        struck.resolve();
        await held.promise;
      });
      const cut = new AbortController();
      const call = harness.provider.ensure(request, checkpoint, cut.signal);
      await struck.promise;
      cut.abort();
      await refused(call, 'Transient');

      held.resolve();
      await raise(harness, request, checkpoint);
      await one(harness, request);
    },
  },
  {
    title: '32: what is cut off before it begins does nothing',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      await refused(harness.provider.ensure(request, checkpoint, AbortSignal.abort()), 'Transient');

      assert.equal(harness.faults.changes, 0);
    },
  },
  {
    title: '33: clocks an hour apart and a long pause make one machine',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      await harness.restarted(HOUR_MS).ensure(request, checkpoint, patient());
      await harness.restarted(-HOUR_MS).ensure(request, checkpoint, patient());
      harness.pass(HOUR_MS / 2);
      await raise(harness, request, checkpoint, () => harness.restarted(HOUR_MS));
      await one(harness, request);

      await clear(harness, request, checkpoint, () => harness.restarted(-HOUR_MS));
      await none(harness, request);
    },
  },
];

const reads = ({ provider, clusterId }: Harness, request: VmRequest, checkpoint: Checkpoint) => [
  () => provider.ensure(request, checkpoint, patient()),
  () => provider.observe(request, checkpoint, patient()),
  () => provider.remove(request, checkpoint, patient()),
  () => all(provider.list(clusterId, patient())),
];
