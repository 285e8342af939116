import { ProviderError } from '../errors.ts';
import type { Checkpoint, Step, VmRequest, VmView } from '../provider.ts';
import { begun, type Endpoint, waits, withoutTask } from './endpoint.ts';
import { find, type Found, vmidOf } from './find.ts';
import { elsewhere, make, parts } from './make.ts';
import { isConfigured } from './marker.ts';
import { assertSees } from './rights.ts';
import { DRIVE, isAttached, isStored, upload } from './seed.ts';
import { diskGiB, shapeOf } from './size.ts';
import { taskState } from './task.ts';

type Own = Extract<Found, { state: 'own' }>;

/** One step towards a machine that runs: cloned, given its seed, its parts and its disk, started. */
export async function raise(
  at: Endpoint,
  request: VmRequest,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Step> {
  const found = await find(at.client, request, checkpoint, signal);
  switch (found.state) {
    case 'absent':
      return await make(at, request, checkpoint, signal);
    case 'hidden':
      await assertSees(at, signal);
      return await elsewhere(at, request, checkpoint, signal);
    case 'foreign':
      return await elsewhere(at, request, checkpoint, signal);
    case 'unreachable':
      throw hostDown(found.host);
    case 'nameless':
      return waits({ state: 'pending', id: String(vmidOf(checkpoint)), host: found.host }, checkpoint);
    case 'own':
      return await finish(at, request, { ...checkpoint, host: found.host }, found, signal);
  }
}

/** Nothing is changed while work on the machine is under way. */
async function finish(
  at: Endpoint,
  request: VmRequest,
  checkpoint: Checkpoint,
  own: Own,
  signal: AbortSignal,
): Promise<Step> {
  const view = (state: VmView['state']): VmView => ({
    state,
    id: String(vmidOf(checkpoint)),
    host: own.host,
    clusterId: request.clusterId,
    workerUid: request.workerUid,
  });
  const { lock } = own.config;
  if (lock === 'clone' || lock === 'create') return waits(view('pending'), checkpoint);
  at.lanes.leave(request.workerUid);
  const { operation } = checkpoint;
  const task = operation === undefined ? undefined : await taskState(at.client, operation, signal);
  if (task?.state === 'running') return waits(view('pending'), checkpoint);
  const notice = task?.state === 'over' && task.said !== '' ? { notice: task.said } : {};
  const rest = withoutTask(checkpoint);
  const part = await nextPart(at, request, rest, own, signal);
  if (part !== undefined) {
    const { upid, ...kept } = part;
    return { ...begun(view('pending'), { ...rest, ...kept }, upid), ...notice };
  }
  const { status } = await at.client.call('power', { node: own.host, vmid: vmidOf(rest) }, signal);
  if (status === 'running') return { vm: view('running'), checkpoint: rest, done: true, ...notice };
  assertUnlocked(own, checkpoint);
  const upid = await at.client.call('start', { node: own.host, vmid: vmidOf(rest) }, signal);
  return { ...begun(view('stopped'), rest, upid), ...notice };
}

/** The next thing the machine lacks, put in; undefined when it lacks nothing. */
async function nextPart(
  at: Endpoint,
  request: VmRequest,
  checkpoint: Checkpoint,
  own: Own,
  signal: AbortSignal,
): Promise<{ upid?: string | null | undefined; seedHash?: string } | undefined> {
  const { client, settings } = at;
  const { host, config } = own;
  const { seed } = checkpoint;
  const vmid = vmidOf(checkpoint);
  const lacksSeed = seed !== undefined && !isAttached(config, seed);
  if (lacksSeed && !(await isStored(at, host, seed, signal)))
    return await upload(at, host, seed, request, checkpoint, signal);
  const shape = shapeOf(request);
  if (lacksSeed || !isConfigured(config, request)) {
    assertUnlocked(own, checkpoint);
    const drive = seed === undefined ? {} : { [DRIVE]: `${seed},media=cdrom` };
    const all = { ...parts(settings, request, shape), ...drive, digest: config.digest };
    await client.call('configure', { node: host, vmid, ...all }, signal);
    return {};
  }
  const size = diskGiB(config, settings.disk);
  if (shape.diskGiB === undefined || size === undefined || size >= shape.diskGiB) return undefined;
  assertUnlocked(own, checkpoint);
  const grown = { disk: settings.disk, size: `${shape.diskGiB}G`, digest: config.digest };
  return { upid: await client.call('grow', { node: host, vmid, ...grown }, signal) };
}

export function assertUnlocked({ config: { lock } }: Own, { id }: Checkpoint): void {
  if (lock !== undefined)
    throw new ProviderError(
      'Conflict',
      'VmLocked',
      `machine ${id} is locked (${lock}); it is tried again once it is not`,
    );
}

export const hostDown = (host: string): ProviderError =>
  new ProviderError('Transient', 'HostDown', `host ${host} does not answer; its machines are neither gone nor running`);
