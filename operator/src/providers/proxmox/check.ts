import type { Proxmox } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import type { Finding } from '../provider.ts';
import type { Endpoint } from './endpoint.ts';
import { isForbidden, isMissing } from './refusal.ts';
import { missingRights } from './rights.ts';

type Host = Proxmox['hosts'][number];

/** What would keep machines from being made: rights first, for without them nothing else can be seen. */
export async function check(at: Endpoint, signal: AbortSignal): Promise<Finding[]> {
  await at.client.call('version', {}, signal);
  const rights = await missingRights(at, signal);
  if (rights.length > 0) return rights;
  const seen = new Map((await at.client.call('hosts', {}, signal)).map(({ node, status }) => [node, status]));
  const findings = at.settings.hosts.map(async (host) =>
    seen.get(host.name) === 'online' ? await template(at, host, signal) : [absence(host, seen.get(host.name))],
  );
  return (await Promise.all(findings)).flat();
}

const absence = ({ name }: Host, status: string | undefined): Finding =>
  status === undefined
    ? { what: `Host ${name} is not in the Proxmox cluster`, fix: 'correct proxmox.hosts' }
    : { what: `Host ${name} is ${status}`, fix: 'bring it online, or remove it from proxmox.hosts' };

async function template({ client }: Endpoint, { name, template: vmid }: Host, signal: AbortSignal): Promise<Finding[]> {
  if (vmid === undefined) return [];
  try {
    await client.call('config', { node: name, vmid }, signal);
    return [];
  } catch (error) {
    if (!(error instanceof ProviderError) || !(isMissing(error) || isForbidden(error))) throw error;
    const fix = 'make it there, or correct proxmox.hosts';
    return [{ code: 'TemplateMissing', what: `Template ${vmid} is not on host ${name}`, fix }];
  }
}
