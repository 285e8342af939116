import { ProviderError } from '../errors.ts';
import type { Checkpoint, Ending, Owner, Step, VmView } from '../provider.ts';
import { ABSENT, begun, type Endpoint, waits, withoutSeed, withoutTask } from './endpoint.ts';
import { find, type Found, vmidOf } from './find.ts';
import { assertUnlocked, hostDown } from './raise.ts';
import { assertSees } from './rights.ts';
import { discard, DRIVE, EMPTY, isAttached, volumeOf } from './seed.ts';
import { parseUpid, taskState } from './task.ts';

type Own = Extract<Found, { state: 'own' }>;

/** One step towards a machine that is gone, and its seed with it. Whose it is was read in the same step (D17). */
export async function end(
  at: Endpoint,
  owner: Owner,
  checkpoint: Checkpoint,
  ending: Ending,
  signal: AbortSignal,
): Promise<Step> {
  at.lanes.leave(owner.workerUid);
  const found = await find(at.client, owner, checkpoint, signal);
  switch (found.state) {
    case 'absent':
      return await clearSeed(at, owner, checkpoint, signal);
    case 'hidden':
      await assertSees(at, signal);
      throw notOurs(owner, checkpoint);
    case 'foreign':
      throw notOurs(owner, checkpoint);
    case 'unreachable':
      throw hostDown(found.host);
    case 'nameless':
      return waits({ state: found.work === 'creating' ? 'pending' : 'stopping' }, checkpoint);
    case 'own':
      return await takeDown(at, { ...checkpoint, host: found.host }, found, ending, signal);
  }
}

/** Asked to shut down, switched off if it does not, released from its protection, destroyed: one call each. */
async function takeDown(
  { client }: Endpoint,
  checkpoint: Checkpoint,
  own: Own,
  { graceful, graceMs }: Ending,
  signal: AbortSignal,
): Promise<Step> {
  assertUnlocked(own, checkpoint);
  const machine = { node: own.host, vmid: vmidOf(checkpoint) };
  const stopping: VmView = { state: 'stopping', id: String(machine.vmid), host: own.host };
  const { operation } = checkpoint;
  const task = operation === undefined ? undefined : await taskState(client, operation, signal);
  const asked = operation !== undefined && parseUpid(operation)?.type === 'qmshutdown';
  if (task?.state === 'running' && (graceful || !asked)) return waits(stopping, checkpoint);
  const { status } = await client.call('power', machine, signal);
  if (status === 'running' && graceful && graceMs > 0 && !asked)
    return begun(
      stopping,
      checkpoint,
      await client.call('shutdown', { ...machine, timeout: Math.ceil(graceMs / 1000) }, signal),
    );
  if (status === 'running') {
    const overrule = task?.state === 'running' ? { 'overrule-shutdown': true } : {};
    return begun(stopping, checkpoint, await client.call('stop', { ...machine, ...overrule }, signal));
  }
  if (own.config.protection) {
    await client.call('configure', { ...machine, protection: false, digest: own.config.digest }, signal);
    return waits(stopping, withoutTask(checkpoint), 0);
  }
  const all = { purge: true, 'destroy-unreferenced-disks': true };
  return begun(stopping, checkpoint, await client.call('destroy', { ...machine, ...all }, signal));
}

async function clearSeed(at: Endpoint, owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
  const { seedStorage, hosts } = at.settings;
  const rest = withoutSeed(withoutTask(checkpoint));
  const host = checkpoint.host ?? hosts[0]?.name;
  if (seedStorage === undefined || host === undefined) return { vm: ABSENT, checkpoint: rest, done: true };
  const discarded = await discard(at, host, volumeOf(seedStorage, owner.workerUid), signal);
  return discarded ? waits(ABSENT, withoutTask(checkpoint), 0) : { vm: ABSENT, checkpoint: rest, done: true };
}

/** The seed of a machine whose Node has joined is taken out and deleted: it held the token. */
export async function settle(at: Endpoint, owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
  const found = await find(at.client, owner, checkpoint, signal);
  if (found.state !== 'own')
    throw new ProviderError('Conflict', 'NotSettled', `machine ${checkpoint.id} is not to be seen now`);
  const { seed } = checkpoint;
  const view: VmView = { state: 'running', id: String(checkpoint.id), host: found.host };
  if (seed === undefined) return { vm: view, checkpoint, done: true };
  if (isAttached(found.config, seed)) {
    const emptied = { [DRIVE]: EMPTY, digest: found.config.digest };
    await at.client.call('configure', { node: found.host, vmid: vmidOf(checkpoint), ...emptied }, signal);
    return waits(view, checkpoint, 0);
  }
  if (await discard(at, found.host, seed, signal)) return waits(view, checkpoint, 0);
  return { vm: view, checkpoint: withoutSeed(checkpoint), done: true };
}

const notOurs = (owner: Owner, { id }: Checkpoint): ProviderError =>
  new ProviderError('Foreign', 'NotOurs', `Machine ${id} is not BurstWorker ${owner.name}'s; nothing of it is touched`);
