import { ProviderError } from '../errors.ts';
import type { Checkpoint, Step, VmRequest } from '../provider.ts';
import { ABSENT, begun, type Endpoint, waits, withoutTask } from './endpoint.ts';
import { isFree, vmidOf } from './find.ts';
import { descriptionOf, smbiosOf, tagsOf } from './marker.ts';
import type { Config } from './methods.ts';
import { candidate, noFreeId, PROBES, roomiest } from './place.ts';
import { isForbidden, isMissing, isTaken } from './refusal.ts';
import { diskGiB, type Shape, shapeOf } from './size.ts';
import { taskState } from './task.ts';

/** A creation that failed is not repeated at once: what it ran out of may come back. */
const AFTER_FAILURE_MS = 5_000;
const LANE_MS = 2_000;

/** Where a machine would go, and under which id; reads only. Throws Capacity where there is neither room nor id. */
export async function place(
  { client, settings }: Endpoint,
  request: VmRequest,
  firstAttempt: number,
  signal: AbortSignal,
): Promise<{ id: string; host: string; attempt: number }> {
  const { memoryMiB } = shapeOf(request);
  const machines = await client.call('machines', { type: 'vm' }, signal);
  const host = roomiest(settings, await client.call('hosts', {}, signal), machines, memoryMiB * 2 ** 20);
  const seen = new Set(machines.map(({ vmid }) => vmid));
  for (let attempt = firstAttempt; attempt < firstAttempt + PROBES; attempt++) {
    const vmid = candidate(settings, request.workerUid, attempt);
    if (!seen.has(vmid) && (await isFree(client, vmid, signal))) return { id: String(vmid), host, attempt };
  }
  throw noFreeId(settings);
}

/** Another id, to be written down before anything is made under it. */
export async function elsewhere(
  at: Endpoint,
  request: VmRequest,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Step> {
  const placed = await place(at, request, (checkpoint.attempt ?? 0) + 1, signal);
  at.lanes.leave(request.workerUid);
  const notice = `id ${checkpoint.id} is another machine's; the next one is ${placed.id}`;
  return { ...waits(ABSENT, { ...withoutTask(checkpoint), ...placed }, 0), notice };
}

/** Nothing is under the id: a creation is under way, has failed, or is begun. */
export async function make(
  at: Endpoint,
  request: VmRequest,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Step> {
  const { operation } = checkpoint;
  const task = operation === undefined ? undefined : await taskState(at.client, operation, signal);
  if (task?.state === 'running') return waits({ state: 'pending' }, checkpoint);
  if (task?.state === 'over') {
    at.lanes.leave(request.workerUid);
    const notice = `the creation ended without a machine: ${task.said || 'OK'}`;
    return { ...waits(ABSENT, withoutTask(checkpoint), AFTER_FAILURE_MS), notice };
  }
  return await begin(at, request, withoutTask(checkpoint), signal);
}

/** What could make the machine useless is asked before it exists. */
async function begin(at: Endpoint, request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
  const { client, settings, lanes } = at;
  const shape = shapeOf(request);
  await request.seed?.assertValid(checkpoint);
  const machines = await client.call('machines', { type: 'vm' }, signal);
  const hosts = await client.call('hosts', {}, signal);
  const planned = hosts.filter(({ node }) => node === checkpoint.host);
  const host = fits(settings, planned, machines, shape) ?? roomiest(settings, hosts, machines, bytesOf(shape));
  if (host !== checkpoint.host) return waits(ABSENT, { ...checkpoint, host }, 0);
  const template = settings.hosts.find(({ name }) => name === host)?.template;
  if (template !== undefined) await assertTemplate(at, host, template, shape, signal);
  if (!lanes.enter(request.workerUid, host)) return waits(ABSENT, checkpoint, LANE_MS);
  try {
    const upid =
      template === undefined
        ? await client.call('create', { node: host, ...created(at, request, checkpoint, shape) }, signal)
        : await client.call('clone', { node: host, vmid: template, ...cloned(at, request, checkpoint) }, signal);
    return begun({ state: 'pending', id: String(checkpoint.id), host }, checkpoint, upid);
  } catch (error) {
    lanes.leave(request.workerUid);
    if (isTaken(error)) return waits({ state: 'unknown' }, checkpoint, 0);
    throw error;
  }
}

const bytesOf = ({ memoryMiB }: Shape): number => memoryMiB * 2 ** 20;

function fits(
  settings: Endpoint['settings'],
  planned: Parameters<typeof roomiest>[1],
  machines: Parameters<typeof roomiest>[2],
  shape: Shape,
): string | undefined {
  try {
    return roomiest(settings, planned, machines, bytesOf(shape));
  } catch {
    return undefined;
  }
}

const cloned = ({ settings }: Endpoint, request: VmRequest, checkpoint: Checkpoint) => ({
  newid: vmidOf(checkpoint),
  name: request.name,
  description: descriptionOf(request),
  pool: settings.pool,
  full: settings.fullClone,
  storage: settings.fullClone ? settings.storage : undefined,
});

const created = ({ settings }: Endpoint, request: VmRequest, checkpoint: Checkpoint, shape: Shape) => ({
  vmid: vmidOf(checkpoint),
  name: request.name,
  description: descriptionOf(request),
  pool: settings.pool,
  ...parts(settings, request, shape),
  scsi0: `${settings.storage}:0,import-from=${settings.image}`,
  scsihw: 'virtio-scsi-pci',
  boot: 'order=scsi0',
  ostype: 'l26',
});

/** What makes it this worker's machine of this size: one call, so that it has all of it or nothing. */
export const parts = ({ network, cpuType }: Endpoint['settings'], request: VmRequest, shape: Shape) => ({
  cores: shape.cores,
  sockets: 1,
  memory: shape.memoryMiB,
  cpu: cpuType,
  tags: tagsOf(request),
  smbios1: smbiosOf(request),
  net0:
    network === undefined
      ? undefined
      : `virtio,bridge=${network.bridge}${network.vlan === undefined ? '' : `,tag=${network.vlan}`}`,
  protection: true,
  onboot: true,
});

async function assertTemplate(
  { client, settings }: Endpoint,
  node: string,
  vmid: number,
  { diskGiB: wanted }: Shape,
  signal: AbortSignal,
): Promise<void> {
  const config = await client.call('config', { node, vmid }, signal).catch((error: unknown): Config => {
    if (!isMissing(error) && !isForbidden(error)) throw error;
    const why = isForbidden(error) ? `the token may not see it (VM.Audit on /vms/${vmid})` : 'it is not there';
    throw new ProviderError('Invalid', 'TemplateMissing', `template ${vmid} on host ${node}: ${why}`, { cause: error });
  });
  const has = diskGiB(config, settings.disk);
  if (wanted !== undefined && has !== undefined && wanted < has)
    throw new ProviderError(
      'Invalid',
      'ImpossibleSize',
      `disk ${settings.disk} of template ${vmid} has ${has} GiB and cannot shrink to ${wanted}; raise the disk of this size`,
    );
}
