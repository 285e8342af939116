import assert from 'node:assert/strict';
import { Budget } from '../budget.ts';
import { GuardedProvider } from '../guarded.ts';
import type { Checkpoint, SeedSource, VmProvider, VmRequest } from '../provider.ts';
import type { Case, Harness, Machine } from './harness.ts';
import { all, clear, none, one, patient, planned, raise, refused, running } from './drive.ts';

const HOUR_MS = 3_600_000;
const MOST = 3;

/** The provider as pools have it that allow so many machines. */
const atMost = (machines: number, provider: VmProvider): VmProvider =>
  new GuardedProvider(provider, {
    breaker: { around: (call) => call() },
    budget: new Budget(),
    limits: { inFlight: 100, machines },
    called: () => undefined,
    refused: () => undefined,
  });

const isOf =
  ({ clusterId }: Harness) =>
  (machine: Machine): boolean =>
    machine.clusterId === clusterId;

const CANARIES: SeedSource = {
  assertValid: async () => undefined,
  render: async () => ({ 'user-data': '#cloud-config\n# a-canary-token\n', 'meta-data': 'instance-id: a-canary\n' }),
};

/** All that is told of an error, however deep. */
const told = (error: unknown): unknown =>
  error instanceof Error
    ? {
        ...Object.fromEntries(Object.entries(error)),
        message: error.message,
        stack: error.stack,
        cause: told(error.cause),
      }
    : String(error);

export const robust: readonly Case[] = [
  {
    title: '13: of fifty made at once no more become machines than there may be',
    async run(harness) {
      const provider = atMost(MOST, harness.provider);
      const workers = await Promise.all(Array.from({ length: 50 }, () => planned(harness)));
      const tries = await Promise.allSettled(
        workers.map(({ request, checkpoint }) => raise(harness, request, checkpoint, () => provider)),
      );

      assert.equal((await harness.world.machines()).filter(isOf(harness)).length, MOST);
      assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, MOST);
      for (const each of tries) if (each.status === 'rejected') await refused(Promise.reject(each.reason), 'Quota');
    },
  },
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
    title: '29: nothing that a provider answers or throws holds what its machine boots with',
    async run(harness) {
      const heard: unknown[] = [];
      const request = { ...harness.request(), seed: CANARIES };
      const checkpoint = await harness.provider.plan(request, harness.now());
      for (const [error] of harness.refusals) {
        harness.faults.plan('change', 'after', error);
        heard.push(await harness.provider.ensure(request, checkpoint, patient()).catch(told));
        harness.faults.clear();
      }
      heard.push(
        await raise(harness, request, checkpoint),
        await all(harness.provider.list(harness.clusterId, patient())),
      );
      heard.push(await harness.provider.observe(request, checkpoint, patient()).catch(told));
      heard.push(await clear(harness, request, checkpoint));

      assert.ok(!JSON.stringify(heard).includes('a-canary'), 'a secret is in what was answered or thrown');
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
