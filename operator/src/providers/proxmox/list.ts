import type { VmView } from '../provider.ts';
import type { Endpoint } from './endpoint.ts';
import { type Marker, markerOf, taggedMarker } from './marker.ts';
import type { Resource } from './methods.ts';
import { assertSees } from './rights.ts';

/**
 * Every machine whose marker names the cluster: by its tags, which are in the one list that Proxmox gives of all hosts; by
 * its description while it has none yet. Throws when one of those cannot be read, rather than answer a part; and when the
 * right to see them was taken away, which Proxmox answers with a list that lacks them.
 */
export async function listed(at: Endpoint, clusterId: string, signal: AbortSignal): Promise<VmView[]> {
  await assertSees(at, signal);
  const machines = (await at.client.call('machines', { type: 'vm' }, signal)).filter(({ template }) => !template);
  const marked = await Promise.all(
    machines.map(async (machine) => ({ machine, marker: await markerFor(at, machine, signal) })),
  );
  return marked.flatMap(({ machine, marker }) =>
    marker?.clusterId.toLowerCase() === clusterId.toLowerCase() ? [viewOf(machine, marker)] : [],
  );
}

async function markerFor(at: Endpoint, machine: Resource, signal: AbortSignal): Promise<Marker | undefined> {
  const tagged = taggedMarker(machine.tags);
  if (tagged !== undefined || !mayBeNew(at, machine)) return tagged;
  const { description } = await at.client.call('config', { node: machine.node, vmid: machine.vmid }, signal);
  return markerOf(description);
}

/** Cloned, and not configured yet. */
const mayBeNew = ({ settings: { pool, vmids } }: Endpoint, { vmid, pool: of }: Resource): boolean =>
  of === pool && vmid >= vmids.from && vmid <= vmids.to;

const viewOf = ({ vmid, node, status, lock }: Resource, { clusterId, workerUid }: Marker): VmView => ({
  state: lock === 'clone' || lock === 'create' ? 'pending' : (STATE[status] ?? 'unknown'),
  id: String(vmid),
  host: node,
  clusterId,
  workerUid,
});

const STATE: Readonly<Record<string, VmView['state']>> = { running: 'running', stopped: 'stopped' };
