import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError } from '../errors.ts';
import type { Checkpoint, Step, VmProvider, VmRequest } from '../provider.ts';

/** What an author's service is asked over the wire: nothing behind it is reached into. */
export interface Conformance {
  readonly provider: VmProvider;
  /** The same service, asked with a key that is not its own. */
  readonly stranger: VmProvider;
  readonly now: () => Date;
  readonly pass?: (ms: number) => Promise<unknown>;
}

export interface Demand {
  readonly title: string;
  readonly run: (asked: Conformance) => Promise<void>;
}

const LONGEST_MS = 15 * 60_000;
const CLUSTER = 'conformance';
const signal = (): AbortSignal => AbortSignal.timeout(30_000);

const requestOf = (clusterId = CLUSTER): VmRequest => ({
  clusterId,
  workerUid: crypto.randomUUID(),
  name: `conformance-${crypto.randomUUID().slice(0, 8)}`,
  pool: 'conformance',
  size: { cpu: '1', memory: '1Gi', disk: '10Gi' },
  labels: {},
  annotations: {},
  taints: [],
  bootDelayMs: 0,
  seed: { assertValid: async () => undefined, render: async () => ({ 'user-data': '#cloud-config\n' }) },
});

/** Takes one step after another, as the operator does. */
async function led(
  { pass = pause }: Conformance,
  checkpoint: Checkpoint,
  step: (checkpoint: Checkpoint) => Promise<Step>,
): Promise<Checkpoint> {
  let written = checkpoint;
  for (let waited = 0; waited < LONGEST_MS; ) {
    const came = await step(written);
    if (came.done) return came.checkpoint;
    written = came.checkpoint;
    const ms = came.retryAfterMs ?? 1_000;
    await pass(ms);
    waited += ms;
  }
  throw new Error(`not done after ${LONGEST_MS / 60_000} minutes`);
}

/** A machine of its own, which is gone afterwards whatever happened. */
async function withMachine(
  asked: Conformance,
  use: (request: VmRequest, checkpoint: Checkpoint) => Promise<void>,
): Promise<void> {
  const { provider, now } = asked;
  const request = requestOf();
  const planned = await provider.plan(request, now());
  try {
    const raised = await led(asked, planned, (written) => provider.ensure(request, written, signal()));
    await use(request, raised);
  } finally {
    await led(asked, planned, (written) => provider.remove(request, written, signal(), ENDING));
  }
}

const ENDING = { graceful: true, graceMs: 5_000 };
const uids = async (provider: VmProvider, clusterId: string): Promise<(string | undefined)[]> =>
  (await Array.fromAsync(provider.list(clusterId, signal()))).map(({ workerUid }) => workerUid);

/** The promises that a service can be held to from outside, by the numbers of the suite. */
export const conformance: readonly Demand[] = [
  {
    title: '1: it answers whether machines can be made',
    run: async ({ provider }) => assert.deepEqual(await provider.check(signal()), []),
  },
  {
    title: '30: a request that is signed with another key is refused',
    run: async ({ stranger }) =>
      await assert.rejects(uids(stranger, CLUSTER), (error) => (error as ProviderError).class === 'Unauthorized'),
  },
  {
    title: '2, 14: a machine that is asked for is absent, then there, then running, and bears its marker',
    run: async (asked) =>
      await withMachine(asked, async (request, checkpoint) => {
        const view = await asked.provider.observe(request, checkpoint, signal());
        assert.deepEqual([view.state, view.clusterId, view.workerUid], ['running', CLUSTER, request.workerUid]);
        const other = await asked.provider.observe(requestOf(), {}, signal());
        assert.equal(other.state, 'absent');
      }),
  },
  {
    title: '3, 4: asked for by two at once, and again, it is one machine',
    run: async (asked) => {
      const { provider, now } = asked;
      const request = requestOf();
      const planned = await provider.plan(request, now());
      await Promise.allSettled([planned, planned].map((each) => provider.ensure(request, each, signal())));
      await led(asked, planned, (written) => provider.ensure(request, written, signal()));
      const found = (await uids(provider, CLUSTER)).filter((uid) => uid === request.workerUid);
      await led(asked, planned, (written) => provider.remove(request, written, signal(), ENDING));
      assert.equal(found.length, 1);
    },
  },
  {
    title: '18, 25: it is listed for its cluster alone, and another cluster neither sees nor ends it',
    run: async (asked) =>
      await withMachine(asked, async (request, checkpoint) => {
        const { provider } = asked;
        const theirs = { ...request, clusterId: 'conformance-other' };
        assert.ok((await uids(provider, CLUSTER)).includes(request.workerUid));
        assert.ok(!(await uids(provider, theirs.clusterId)).includes(request.workerUid));
        await provider.remove(theirs, checkpoint, signal(), ENDING).catch((error: unknown) => {
          if (!(error instanceof ProviderError) || error.class !== 'Foreign') throw error;
        });
        assert.equal((await provider.observe(request, checkpoint, signal())).state, 'running');
      }),
  },
  {
    title: '28: its seed can be taken away, twice as well',
    run: async (asked) =>
      await withMachine(asked, async (request, checkpoint) => {
        await asked.provider.settle?.(request, checkpoint, signal());
        await asked.provider.settle?.(request, checkpoint, signal());
      }),
  },
  {
    title: '21: it ends, and an end that was reached is reached again',
    run: async (asked) => {
      const request = requestOf();
      const { provider, now } = asked;
      await withMachine(asked, async () => undefined);
      const step = await provider.remove(request, await provider.plan(request, now()), signal());
      assert.deepEqual([step.vm.state, step.done], ['absent', true]);
    },
  },
];
