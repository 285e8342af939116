import type { Check } from './official.ts';

export interface Token {
  readonly secret: string;
  /** Privileges by path; they hold below it too. */
  readonly acl: Map<string, readonly string[]>;
}

/** The rights a token of least privilege has, as the setup script grants them. */
export const leastRights = (): Map<string, readonly string[]> =>
  new Map([
    [
      '/pool/burst',
      'VM.Allocate VM.Audit VM.PowerMgmt Pool.Audit VM.Config.CPU VM.Config.Memory VM.Config.Disk VM.Config.CDROM VM.Config.Network VM.Config.Options VM.Config.HWType'.split(
        ' ',
      ),
    ],
    ['/vms/9001', ['VM.Audit', 'VM.Clone']],
    ['/vms/9002', ['VM.Audit', 'VM.Clone']],
    ['/nodes', ['Sys.Audit']],
    ['/storage/disks', ['Datastore.AllocateSpace']],
    ['/storage/seeds', ['Datastore.Audit', 'Datastore.AllocateTemplate', 'Datastore.Allocate']],
    ['/sdn/zones/localnetwork/vmbr0', ['SDN.Use']],
  ]);

/** What a token may do on a path: what is granted there and above, and for a machine what is granted on its pool. */
export function privilegesOn(token: Token, path: string, poolOf: (vmid: number) => string | undefined): Set<string> {
  const [, vmid] = /^\/vms\/(\d+)$/.exec(path) ?? [];
  const pool = vmid === undefined ? undefined : poolOf(Number(vmid));
  const granted = [...token.acl].filter(([at]) => at === '/' || path === at || path.startsWith(`${at}/`));
  const throughPool = pool === undefined ? [] : (token.acl.get(`/pool/${pool}`) ?? []);
  return new Set([...granted.flatMap(([, privileges]) => privileges), ...throughPool]);
}

export type Has = (path: string, privilege: string) => boolean;

/** Undefined when the check of the official description holds; otherwise what Proxmox would say. */
export function refusedBy(check: Check, given: Readonly<Record<string, string>>, has: Has): string | undefined {
  const [kind, ...rest] = check;
  if (kind === 'and')
    return (rest as Check[]).map((each) => refusedBy(each, given, has)).find((said) => said !== undefined);
  if (kind === 'or') {
    const all = (rest as Check[]).map((each) => refusedBy(each, given, has));
    return all.includes(undefined) ? undefined : all[0];
  }
  const [template, privileges, option, value] = rest as [string, string[], string?, unknown?];
  if (option === 'require_param' && !(String(value) in given)) return `Permission check failed (${String(value)})`;
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? '');
  const held = privileges.filter((privilege) => has(path, privilege));
  const enough = option === 'any' ? held.length > 0 : held.length === privileges.length;
  const missing = privileges.filter((privilege) => !held.includes(privilege));
  return enough ? undefined : `Permission check failed (${path}, ${missing.join('|')})`;
}

/** The privilege that each key of a configuration takes. */
export const PRIVILEGE_OF_KEY: Readonly<Record<string, string>> = {
  cores: 'VM.Config.CPU',
  sockets: 'VM.Config.CPU',
  cpu: 'VM.Config.CPU',
  memory: 'VM.Config.Memory',
  tags: 'VM.Config.Options',
  description: 'VM.Config.Options',
  name: 'VM.Config.Options',
  protection: 'VM.Config.Options',
  onboot: 'VM.Config.Options',
  smbios1: 'VM.Config.HWType',
  net0: 'VM.Config.Network',
  ide2: 'VM.Config.CDROM',
};
