import { createHash } from 'node:crypto';
import type { Proxmox } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import type { Host, Resource } from './methods.ts';

type Settings = Pick<Proxmox, 'hosts' | 'vmids' | 'pool'>;

/** Of one attempt after another, ids that are the same after a restart; spread, so that two pools rarely meet. */
export function candidate({ vmids: { from, to } }: Settings, workerUid: string, attempt: number): number {
  const digest = createHash('sha256').update(`${workerUid}/${attempt}`).digest();
  return from + (digest.readUInt32BE(0) % (to - from + 1));
}

/** The attempts that are made on ids before it is said that there is none. */
export const PROBES = 8;

export const noFreeId = ({ vmids: { from, to } }: Settings): ProviderError =>
  new ProviderError(
    'Capacity',
    'NoFreeId',
    `${PROBES} ids between ${from} and ${to} are taken; widen proxmox.vmids, or remove machines that are not needed`,
  );

/** What a host can still give, in bytes: machines that are off are counted, because they may be switched on. */
export function freeMemory(host: Host, machines: readonly Resource[]): number {
  const promised = machines
    .filter(({ node, template }) => node === host.node && !template)
    .reduce((sum, { maxmem }) => sum + maxmem, 0);
  return host.maxmem - Math.max(host.mem, promised);
}

/** The configured host that is online and has most room; the first of equals. Throws Capacity when none has enough. */
export function roomiest(
  { hosts }: Settings,
  seen: readonly Host[],
  machines: readonly Resource[],
  bytes: number,
): string {
  const names = new Set(hosts.map(({ name }) => name));
  const online = seen.filter(({ node, status }) => names.has(node) && status === 'online');
  if (online.length === 0)
    throw new ProviderError('Capacity', 'NoHost', `none of the hosts ${[...names].join(', ')} is online`);
  const [best] = online
    .map((host) => ({ node: host.node, free: freeMemory(host, machines) }))
    .toSorted((one, other) => other.free - one.free || one.node.localeCompare(other.node));
  if (best !== undefined && best.free >= bytes) return best.node;
  throw new ProviderError(
    'Capacity',
    'NoRoom',
    `no host has ${mebibytes(bytes)} MiB of memory free; the most is ${mebibytes(Math.max(best?.free ?? 0, 0))} MiB on ${best?.node}`,
  );
}

const mebibytes = (bytes: number): number => Math.floor(bytes / 2 ** 20);
