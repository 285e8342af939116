import * as z from 'zod';
import { duration } from './fields.ts';
import { constrained, type Rule } from './kubernetes.ts';
import { External } from './provider-external.ts';
import { Proxmox } from './provider-proxmox.ts';
import { Qemu } from './provider-qemu.ts';

export const PROVIDER_TYPES = ['Kwok', 'Proxmox', 'Qemu', 'External', 'Mcp', 'ClusterApi', 'KubeVirt'] as const;

const Kwok = z.strictObject({
  bootDelay: duration().default('0s').describe('How long a machine takes to boot.'),
});

const Fields = z.strictObject({
  type: z
    .enum(PROVIDER_TYPES)
    .describe('Which provider makes the machines; immutable. The status of the pool says whether this build has it.'),
  kwok: Kwok.optional().describe('Settings of type Kwok: Nodes that KWOK plays, for trials and tests.'),
  proxmox: Proxmox.optional().describe('Settings of type Proxmox: machines of a Proxmox VE cluster.'),
  qemu: Qemu.optional().describe("Settings of type Qemu: virtual machines on the operator's own host."),
  external: External.optional().describe('Settings of type External: machines that a service of your own makes.'),
});
type Fields = z.output<typeof Fields>;

/** The block of each type that has one. */
const BLOCKS = { kwok: 'Kwok', proxmox: 'Proxmox', qemu: 'Qemu', external: 'External' } as const;

const keepsApart = ([block, type]: readonly [keyof typeof BLOCKS, string]): Rule<Fields> => ({
  rule: `!has(self.${block}) || self.type == '${type}'`,
  message: `provider.${block} goes with provider.type: ${type} only: remove it`,
  fieldPath: `.${block}`,
  holds: (provider) => provider[block] === undefined || provider.type === type,
});

/** A union by `type`, in the only form that Kubernetes can express: a block per type, and rules that keep them apart. */
export const Provider = constrained(Fields, [
  ...(Object.entries(BLOCKS) as [keyof typeof BLOCKS, string][]).map(keepsApart),
  {
    rule: "self.type != 'Proxmox' || has(self.proxmox)",
    message: 'provider.proxmox is required for provider.type: Proxmox: say where its API is',
    fieldPath: '.proxmox',
    reason: 'FieldValueRequired',
    holds: ({ type, proxmox }) => type !== 'Proxmox' || proxmox !== undefined,
  },
  {
    rule: "self.type != 'External' || has(self.external)",
    message: 'provider.external is required for provider.type: External: say where the service is',
    fieldPath: '.external',
    reason: 'FieldValueRequired',
    holds: ({ type, external }) => type !== 'External' || external !== undefined,
  },
]);
