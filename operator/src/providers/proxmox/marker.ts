import type { Owner } from '../provider.ts';
import type { Config } from './methods.ts';

/**
 * Whose a machine is. The description carries it from the first call on; tags repeat it once the machine is configured,
 * because they alone are listed. Tags are for finding: only the description, and the SMBIOS UUID with it, give authority.
 */
const OWNER = /^cortex-owner: (?<clusterId>[^/\s]+)\/(?<workerUid>[^/\s]+)\s*$/m;
const CLUSTER = 'cortex-cluster-';
const WORKER = 'cortex-worker-';

export interface Marker {
  readonly clusterId: string;
  readonly workerUid: string;
}

export const descriptionOf = ({ clusterId, workerUid, name }: Owner): string =>
  `BurstWorker ${name} of Cortex Resource Manager. Without the next line nobody removes this machine.\n\ncortex-owner: ${clusterId}/${workerUid}\n`;

export function markerOf(description: string): Marker | undefined {
  const { clusterId, workerUid } = OWNER.exec(description.replaceAll('\r', ''))?.groups ?? {};
  return clusterId === undefined || workerUid === undefined ? undefined : { clusterId, workerUid };
}

export const tagsOf = ({ clusterId, workerUid }: Marker): string =>
  ['cortex', `${CLUSTER}${clusterId}`, `${WORKER}${workerUid}`].join(';').toLowerCase();

/** Proxmox gives tags back in an order and a case of its own. */
export function taggedMarker(tags: string): Marker | undefined {
  const all = tags.toLowerCase().split(/[;, ]+/);
  const after = (prefix: string) => all.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
  const [clusterId, workerUid] = [after(CLUSTER), after(WORKER)];
  return clusterId === undefined || workerUid === undefined ? undefined : { clusterId, workerUid };
}

export const smbiosOf = ({ workerUid }: Pick<Owner, 'workerUid'>): string => `uuid=${workerUid.toLowerCase()}`;

const uuidIn = (smbios: string): string | undefined => /(?:^|,)uuid=([0-9a-f-]+)/i.exec(smbios)?.[1]?.toLowerCase();

/** Whether its parts have been put in: its size, its UUID and its tags come in one call. */
export const isConfigured = ({ smbios1, tags }: Config, owner: Marker): boolean =>
  uuidIn(smbios1) === owner.workerUid.toLowerCase() && taggedMarker(tags)?.workerUid === owner.workerUid.toLowerCase();

/**
 * Whether the machine is this worker's. A copy that somebody made of it has our description and our tags but a UUID of
 * its own, and is theirs.
 */
export function isOurs(config: Config, owner: Marker): boolean {
  const marker = markerOf(config.description);
  if (marker?.clusterId !== owner.clusterId || marker.workerUid !== owner.workerUid) return false;
  const copied = taggedMarker(config.tags) !== undefined && uuidIn(config.smbios1) !== owner.workerUid.toLowerCase();
  return !copied;
}
