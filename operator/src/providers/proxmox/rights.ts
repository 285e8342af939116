import { ProviderError } from '../errors.ts';
import type { Finding } from '../provider.ts';
import type { Endpoint } from './endpoint.ts';

interface Needed {
  readonly path: string;
  readonly privileges: readonly string[];
  readonly why: string;
}

const POOL =
  'VM.Allocate VM.Audit VM.PowerMgmt Pool.Audit VM.Config.CPU VM.Config.Memory VM.Config.Disk VM.Config.CDROM VM.Config.Network VM.Config.Options VM.Config.HWType'.split(
    ' ',
  );

/** The least that the token must be allowed, path by path. Over machines it needs nothing outside its pool. */
export function neededRights({ settings }: Pick<Endpoint, 'settings'>): Needed[] {
  const { pool, hosts, storage, seedStorage, network } = settings;
  return [
    { path: `/pool/${pool}`, privileges: POOL, why: 'make, change, start, stop and remove machines' },
    ...hosts.flatMap(({ template }) =>
      template === undefined
        ? []
        : [{ path: `/vms/${template}`, privileges: ['VM.Audit', 'VM.Clone'], why: 'clone the template' }],
    ),
    ...hosts.map(({ name }) => ({
      path: `/nodes/${name}`,
      privileges: ['Sys.Audit'],
      why: 'see how much memory is free',
    })),
    ...(storage === undefined
      ? []
      : [{ path: `/storage/${storage}`, privileges: ['Datastore.AllocateSpace'], why: 'make disks' }]),
    ...(seedStorage === undefined
      ? []
      : [
          {
            path: `/storage/${seedStorage}`,
            privileges: ['Datastore.Audit', 'Datastore.AllocateTemplate', 'Datastore.Allocate'],
            why: 'upload and delete seeds',
          },
        ]),
    ...(network === undefined
      ? []
      : [
          {
            path: `/sdn/zones/localnetwork/${network.bridge}${network.vlan === undefined ? '' : `/${network.vlan}`}`,
            privileges: ['SDN.Use'],
            why: 'connect machines',
          },
        ]),
  ];
}

/** What the token lacks, by path and privilege. */
export async function missingRights(at: Endpoint, signal: AbortSignal): Promise<Finding[]> {
  const findings = await Promise.all(neededRights(at).map(async (needed) => await gap(at, needed, signal)));
  return findings.flat();
}

async function gap({ client }: Endpoint, { path, privileges, why }: Needed, signal: AbortSignal): Promise<Finding[]> {
  const granted = (await client.call('permissions', { path }, signal))[path] ?? {};
  const missing = privileges.filter((privilege) => !(privilege in granted));
  if (missing.length === 0) return [];
  return [
    {
      code: 'PrivilegeMissing',
      what: `The Proxmox token lacks ${missing.join(', ')} on ${path}, needed to ${why}`,
      fix: `grant a role with ${missing.join(', ')} on ${path} to the user and to the token`,
    },
  ];
}

/**
 * A machine that is not to be seen is another's only if ours would be: throws Unauthorized when the right to see our own
 * pool is missing, so that a right taken away never makes a second machine, or lets one be forgotten.
 */
export async function assertSees(at: Endpoint, signal: AbortSignal): Promise<void> {
  const path = `/pool/${at.settings.pool}`;
  const missing = await gap(at, { path, privileges: ['VM.Audit'], why: 'see its own machines' }, signal);
  for (const { what } of missing)
    throw new ProviderError('Unauthorized', 'PrivilegeMissing', what, { retryAfterMs: 60_000 });
}
