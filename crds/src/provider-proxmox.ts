import * as z from 'zod';
import { listMap } from './collections.ts';
import { constrained } from './kubernetes.ts';
import { secretKey, secretName } from './secret-reference.ts';
import { Tls } from './tls.ts';

/** A word of Proxmox: a node, a storage, a pool or a bridge. */
const word = (max = 63) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9][-A-Za-z0-9_.]*$/);

const vmid = () => z.int().min(100).max(999_999_999);

const Network = z.strictObject({
  bridge: word(15).describe('The bridge or vnet that net0 is put on.'),
  vlan: z.int().min(1).max(4094).optional().describe('The VLAN tag of net0.'),
});

const Vmids = constrained(
  z.strictObject({
    from: vmid().default(30_000).describe('The first id.'),
    to: vmid().default(39_999).describe('The last id.'),
  }),
  [
    {
      rule: 'self.from <= self.to',
      message: 'vmids.from must not be above vmids.to: lower it, or raise vmids.to',
      fieldPath: '.from',
      holds: ({ from, to }) => from <= to,
    },
  ],
);

const Host = z.strictObject({
  name: word().describe('The name of the Proxmox node.'),
  template: vmid()
    .optional()
    .describe('The template that machines on this node are cloned from; it lives on this node.'),
});

const Fields = z.strictObject({
  url: z
    .string()
    .max(512)
    .regex(/^https:\/\/[^ ]+$/)
    .describe('Where its API is, such as https://pve.example.com:8006.'),
  tokenSecretRef: z
    .strictObject({
      name: secretName(),
      key: secretKey().default('token').describe('The key whose value is USER@REALM!TOKENID=SECRET.'),
    })
    .describe('The API token.'),
  tls: Tls.prefault({}).describe('How its certificate is checked. Unset: by the authorities that Node.js trusts.'),
  pool: word().describe('The Proxmox pool of its machines; the token needs rights over machines in this pool only.'),
  hosts: listMap(Host, ['name'], 64).describe(
    'The nodes that machines are made on; the one with most memory free is taken.',
  ),
  image: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[A-Za-z0-9][-A-Za-z0-9_.]*:[^ ,]+$/)
    .optional()
    .describe('A disk image such as local:import/talos.qcow2 that machines are made from, instead of templates.'),
  storage: word().optional().describe('The storage of disks; required with image. Unset: that of the template.'),
  fullClone: z.boolean().default(false).describe('Copies the disks of the template, instead of linking to them.'),
  disk: z
    .string()
    .max(8)
    .regex(/^(scsi|virtio|sata)[0-9]{1,2}$/)
    .default('scsi0')
    .describe('The disk that is grown to the size of the worker.'),
  seedStorage: word()
    .optional()
    .describe('A storage for the ISO images that carry user data; required with bootstrap.'),
  network: Network.optional().describe('The network of net0. Unset: that of the template.'),
  cpuType: word(64).optional().describe('The type of its CPUs, such as host. Unset: that of the template.'),
  maxMachines: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('The most machines of this cluster in Proxmox, counted there, forgotten ones included. Unset: no limit.'),
  vmids: Vmids.prefault({}).describe('The ids its machines may have; keep it apart from those given by hand.'),
});

/** Machines of a Proxmox cluster. */
export const Proxmox = constrained(Fields, [
  {
    rule: 'self.hosts.size() > 0',
    message: 'proxmox.hosts is empty: name at least one node',
    fieldPath: '.hosts',
    reason: 'FieldValueRequired',
    holds: ({ hosts }) => hosts.length > 0,
  },
  {
    rule: 'self.hosts.all(host, has(host.template) != has(self.image))',
    message: 'every entry of proxmox.hosts needs a template, or none does and proxmox.image is set',
    fieldPath: '.hosts',
    holds: ({ hosts, image }) => hosts.every(({ template }) => (template !== undefined) !== (image !== undefined)),
  },
  {
    rule: '!has(self.image) || has(self.storage)',
    message: 'proxmox.storage is required with proxmox.image: name the storage of disks',
    fieldPath: '.storage',
    reason: 'FieldValueRequired',
    holds: ({ image, storage }) => image === undefined || storage !== undefined,
  },
]);
export type Proxmox = z.output<typeof Proxmox>;
