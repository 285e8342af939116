import type { Checkpoint, Owner } from '../provider.ts';
import { ProviderError } from '../errors.ts';
import type { ProxmoxClient } from './client.ts';
import { isOurs, markerOf } from './marker.ts';
import type { Config } from './methods.ts';
import { isForbidden, isMissing, isTaken } from './refusal.ts';
import { hidingWork } from './task.ts';

/** What is under an id. */
export type Found =
  | { readonly state: 'absent' }
  /** Something is there that the token may not see, or the right to see it was taken away. */
  | { readonly state: 'hidden' }
  /** On a host that does not answer. */
  | { readonly state: 'unreachable'; readonly host: string }
  /** Being made or destroyed: it has no description to tell whose it is. */
  | { readonly state: 'nameless'; readonly host: string; readonly work: 'creating' | 'destroying' }
  | { readonly state: 'foreign'; readonly host: string }
  | { readonly state: 'own'; readonly host: string; readonly config: Config };

const WORK: Readonly<Record<string, 'creating' | 'destroying'>> = {
  clone: 'creating',
  create: 'creating',
  destroyed: 'destroying',
};

/**
 * Where the machine under the checkpoint's id is, and whose. A host that says there is none, or that we may not look, says
 * too little: it may have been moved, or rights may be missing. Absent is said only when the id is free in the cluster.
 */
export async function find(
  client: ProxmoxClient,
  owner: Owner,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Found> {
  const vmid = vmidOf(checkpoint);
  const { host } = checkpoint;
  const there = host === undefined ? undefined : await configAt(client, host, vmid, signal);
  if (there !== undefined && host !== undefined) return classify(there, host, owner);
  const listed = (await client.call('machines', { type: 'vm' }, signal)).find((each) => each.vmid === vmid);
  if (listed?.status === 'unknown') return { state: 'unreachable', host: listed.node };
  const config = listed && (await configAt(client, listed.node, vmid, signal));
  if (listed !== undefined && config !== undefined) return classify(config, listed.node, owner);
  if (await isFree(client, vmid, signal)) return { state: 'absent' };
  const work = host === undefined ? undefined : await hidingWork(client, host, vmid, signal);
  return work === undefined || host === undefined ? { state: 'hidden' } : { state: 'nameless', host, work };
}

function classify(config: Config, host: string, owner: Owner): Found {
  if (isOurs(config, owner)) return { state: 'own', host, config };
  const work = markerOf(config.description) === undefined ? WORK[config.lock ?? ''] : undefined;
  return work === undefined ? { state: 'foreign', host } : { state: 'nameless', host, work };
}

/** Undefined when this host shows no such machine; what it means is asked elsewhere. */
async function configAt(
  client: ProxmoxClient,
  node: string,
  vmid: number,
  signal: AbortSignal,
): Promise<Config | undefined> {
  try {
    return await client.call('config', { node, vmid }, signal);
  } catch (error) {
    if (isMissing(error) || isForbidden(error) || isDown(error)) return undefined;
    throw error;
  }
}

/** Whether nobody in the cluster has this id, hosts that are down included. */
export async function isFree(client: ProxmoxClient, vmid: number, signal: AbortSignal): Promise<boolean> {
  try {
    await client.call('isFree', { vmid }, signal);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** What the API's proxy says for a host that does not answer it. */
const isDown = (error: unknown): boolean => error instanceof ProviderError && /^Http59[0-9]$/.test(error.code);

export function vmidOf({ id }: Checkpoint): number {
  const vmid = Number(id);
  if (id !== undefined && Number.isInteger(vmid) && vmid >= 100) return vmid;
  throw new ProviderError('Invalid', 'NoId', 'the checkpoint names no machine: plan comes first');
}
