import * as z from 'zod';
import { dnsLabel } from './fields.ts';

/** Virtual machines on the operator's own host. */
export const Qemu = z.strictObject({
  image: dnsLabel()
    .default('guest')
    .describe(
      "What its machines boot: a folder of this name among the operator's images, with vmlinuz and initrd, or a disk.qcow2.",
    ),
  accelerator: z
    .enum(['Auto', 'Kvm', 'Tcg'])
    .default('Auto')
    .describe('Kvm needs hardware; Tcg runs everywhere, slowly. Auto: Kvm if a guest boots with it.'),
  maxMachines: z.int().min(1).max(1000).default(20).describe('The most machines on the host, forgotten ones included.'),
});
export type Qemu = z.output<typeof Qemu>;
