import assert from 'node:assert/strict';
import { type ErrorClass, ProviderError } from '../errors.ts';
import type { Checkpoint, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import type { Harness, Machine } from './harness.ts';

/** Turns after which a provider that is not done never will be. */
const TURNS = 200;

/** A signal that does not end. */
export const patient = (): AbortSignal => new AbortController().signal;

/** Repeats the step as the operator does: what it returned is written down, what failed is tried again later. */
async function repeated(
  harness: Harness,
  checkpoint: Checkpoint,
  step: (checkpoint: Checkpoint) => Promise<Step>,
): Promise<Step> {
  let written = checkpoint;
  for (let turn = 0; turn < TURNS; turn++) {
    const came = await step(written).catch(mayPass);
    if (came?.done === true) return came;
    written = came?.checkpoint ?? written;
    harness.pass(came?.retryAfterMs ?? 1_000);
  }
  throw new Error(`not done after ${TURNS} turns`);
}

function mayPass(error: unknown): undefined {
  const passes = error instanceof ProviderError && ['Transient', 'Conflict', 'Throttled'].includes(error.class);
  if (!passes) throw error;
}

/** Ensures until it is done. */
export const raise = async (
  harness: Harness,
  request: VmRequest,
  checkpoint: Checkpoint,
  provider = (): VmProvider => harness.provider,
): Promise<Step> => await repeated(harness, checkpoint, (written) => provider().ensure(request, written, patient()));

/** Removes until it is done. */
export const clear = async (
  harness: Harness,
  owner: Owner,
  checkpoint: Checkpoint,
  provider = (): VmProvider => harness.provider,
): Promise<Step> => await repeated(harness, checkpoint, (written) => provider().remove(owner, written, patient()));

/** A new worker's request, and what the provider planned for it. */
export async function planned(harness: Harness): Promise<{ request: VmRequest; checkpoint: Checkpoint }> {
  const request = harness.request();
  return { request, checkpoint: await harness.provider.plan(request, harness.now()) };
}

/** A machine that runs. */
export async function running(harness: Harness): Promise<{ request: VmRequest; checkpoint: Checkpoint }> {
  const { request, checkpoint } = await planned(harness);
  return { request, checkpoint: (await raise(harness, request, checkpoint)).checkpoint };
}

const ofWorker = async ({ world }: Harness, { clusterId, workerUid }: Owner): Promise<Machine[]> =>
  (await world.machines()).filter((machine) => machine.clusterId === clusterId && machine.workerUid === workerUid);

/** Exactly one machine of this worker is there. */
export async function one(harness: Harness, owner: Owner): Promise<Machine> {
  const [machine, ...more] = await ofWorker(harness, owner);
  assert.ok(machine, 'the worker has no machine');
  assert.deepEqual(more, [], 'the worker has more than one machine');
  return machine;
}

export async function none(harness: Harness, owner: Owner): Promise<void> {
  assert.deepEqual(await ofWorker(harness, owner), [], 'a machine of the worker is left');
}

/** Nobody touched this machine. */
export async function untouched({ world }: Harness, machine: Machine): Promise<void> {
  assert.deepEqual(
    (await world.machines()).find(({ id }) => id === machine.id),
    machine,
  );
}

/** The call is refused, in this class. */
export async function refused(call: Promise<unknown>, of: ErrorClass): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof ProviderError, `not a ProviderError: ${String(error)}`);
    assert.equal(error.class, of, error.message);
    return true;
  });
}

export const all = async (views: AsyncIterable<VmView>): Promise<VmView[]> => await Array.fromAsync(views);

/** Somebody else, in another cluster, with the same Node name. */
export const stranger = ({ name }: Pick<Owner, 'name'>): Owner => ({
  clusterId: 'another-cluster',
  workerUid: crypto.randomUUID(),
  name,
});
