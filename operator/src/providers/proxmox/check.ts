import { ProviderError } from '../errors.ts';
import type { Finding } from '../provider.ts';
import type { Endpoint } from './endpoint.ts';
import { isForbidden, isMissing } from './refusal.ts';
import { missingRights } from './rights.ts';

/** What would keep machines from being made: rights first, for without them nothing else can be seen. */
export async function check(at: Endpoint, signal: AbortSignal): Promise<Finding[]> {
  await at.client.call('version', {}, signal);
  const rights = await missingRights(at, signal);
  if (rights.length > 0) return rights;
  return [...(await hosts(at, signal)), ...(await templates(at, signal))];
}

async function hosts({ client, settings }: Endpoint, signal: AbortSignal): Promise<Finding[]> {
  const seen = new Map((await client.call('hosts', {}, signal)).map(({ node, status }) => [node, status]));
  return settings.hosts.flatMap(({ name }) => {
    const status = seen.get(name);
    if (status === 'online') return [];
    return [
      status === undefined
        ? { what: `Host ${name} is not in the Proxmox cluster`, fix: 'correct proxmox.hosts' }
        : { what: `Host ${name} is ${status}`, fix: 'bring it online, or remove it from proxmox.hosts' },
    ];
  });
}

async function templates({ client, settings }: Endpoint, signal: AbortSignal): Promise<Finding[]> {
  const findings = settings.hosts.map(async ({ name, template }): Promise<Finding[]> => {
    if (template === undefined) return [];
    try {
      await client.call('config', { node: name, vmid: template }, signal);
      return [];
    } catch (error) {
      if (!(error instanceof ProviderError) || !(isMissing(error) || isForbidden(error))) throw error;
      return [{ what: `Template ${template} is not on host ${name}`, fix: 'make it there, or correct proxmox.hosts' }];
    }
  });
  return (await Promise.all(findings)).flat();
}
