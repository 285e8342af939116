import { hashOf, isoImage } from '../iso.ts';
import type { Checkpoint, VmRequest } from '../provider.ts';
import type { Endpoint } from './endpoint.ts';
import type { Config } from './methods.ts';

/** The drive that the seed is put into. */
export const DRIVE = 'ide2';
export const EMPTY = 'none,media=cdrom';

export const volumeOf = (storage: string, workerUid: string): string => `${storage}:iso/cortex-${workerUid}.iso`;

export const isAttached = (config: Config, volume: string): boolean => {
  const line = config[DRIVE];
  return typeof line === 'string' && line.split(',')[0] === volume;
};

const storageOf = (volume: string): string => volume.split(':')[0] ?? '';

/** Whether the storage holds this volume, as this host sees it. */
export async function isStored(
  { client }: Endpoint,
  host: string,
  volume: string,
  signal: AbortSignal,
): Promise<boolean> {
  const volumes = await client.call('volumes', { node: host, storage: storageOf(volume), content: 'iso' }, signal);
  return volumes.some(({ volid }) => volid === volume);
}

/** Renders the seed and uploads it; answers the task that puts it in its place, and what is kept of it. */
export async function upload(
  { client }: Endpoint,
  host: string,
  volume: string,
  request: VmRequest,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<{ upid: string | null | undefined; seedHash: string }> {
  const bytes = isoImage((await request.seed?.render(checkpoint)) ?? {});
  const filename = volume.split('/')[1] ?? '';
  const to = { node: host, storage: storageOf(volume), content: 'iso' };
  return { upid: await client.call('upload', to, signal, { filename, bytes }), seedHash: hashOf(bytes) };
}

/** Deletes the volume if it is there; false when there was nothing to delete. */
export async function discard(
  { client }: Endpoint,
  host: string,
  volume: string,
  signal: AbortSignal,
): Promise<boolean> {
  const storage = storageOf(volume);
  const volumes = await client.call('volumes', { node: host, storage, content: 'iso' }, signal);
  if (!volumes.some(({ volid }) => volid === volume)) return false;
  await client.call('discard', { node: host, storage, volume }, signal);
  return true;
}
