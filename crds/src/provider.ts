import * as z from 'zod';
import { duration } from './fields.ts';
import { constrained } from './kubernetes.ts';

export const PROVIDER_TYPES = ['Kwok', 'Proxmox', 'Qemu', 'External', 'Mcp', 'ClusterApi', 'KubeVirt'] as const;

const Kwok = z.strictObject({
  bootDelay: duration().default('0s').describe('How long a machine takes to boot.'),
});

/** A union by `type`, in the only form that Kubernetes can express: a block per type, and a rule that keeps them apart. */
export const Provider = constrained(
  z.strictObject({
    type: z
      .enum(PROVIDER_TYPES)
      .describe('Which provider makes the machines; immutable. The status of the pool says whether this build has it.'),
    kwok: Kwok.optional().describe('Settings of type Kwok: Nodes that KWOK plays, for trials and tests.'),
  }),
  [
    {
      rule: "!has(self.kwok) || self.type == 'Kwok'",
      message: 'provider.kwok goes with provider.type: Kwok only: remove it',
      fieldPath: '.kwok',
      holds: ({ type, kwok }) => kwok === undefined || type === 'Kwok',
    },
  ],
);
