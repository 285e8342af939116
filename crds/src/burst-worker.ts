import * as z from 'zod';
import { drainBlock, nodeBlock, usageBlock } from './blocks.ts';
import { conditions } from './condition.ts';
import { dnsLabel, dnsName, duration, labelValue, quantity, time, uid } from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { immutable, kubernetes, rule } from './kubernetes.ts';

export const BurstWorkerSpec = z
  .strictObject({
    pool: dnsLabel(40).describe('The WorkerPool it comes from.'),
    size: dnsLabel().optional().describe("A size of the pool. Default: the pool's defaultSize."),
    ttl: duration()
      .register(kubernetes, { rules: [rule("duration(self) >= duration('60s')", 'ttl must be at least 60s')] })
      .optional()
      .describe(
        "How long it lives, counted from the moment its Node joined, at least 60s and within the pool's ttl.max. Default: the pool's ttl.default.",
      ),
    claimRef: z
      .strictObject({
        namespace: dnsLabel().describe('The namespace of the Allocation.'),
        name: dnsName().describe('Its name.'),
        uid: uid().describe('Its UID: another Allocation of that name is somebody else.'),
        jobId: labelValue().optional().describe('The job.'),
        reclaimPolicy: z
          .enum(['Delete', 'ReturnToPool'])
          .describe('What becomes of this worker when the Allocation ends.'),
      })
      .optional()
      .describe('The Allocation that uses it, written by the operator only. Unset: it is free.'),
    claimable: z.boolean().default(false).describe('Whether Allocations may claim it while it is free.'),
    deletionProtection: z.boolean().default(false).describe('Refuses its deletion, and suspends expiry and release.'),
  })
  .register(kubernetes, {
    rules: [immutable('pool', 'create another BurstWorker'), immutable('size', 'create another BurstWorker')],
  });
export type BurstWorkerSpec = z.output<typeof BurstWorkerSpec>;

export const BurstWorkerStatus = z.strictObject({
  phase: z
    .enum(['Requested', 'Provisioning', 'Joining', 'Ready', 'Draining', 'Terminating', 'Failed'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  conditions: conditions(),
  vm: z
    .strictObject({
      id: z.string().max(253).optional().describe("The machine in the provider's words."),
      uuid: uid().optional().describe("The machine's SMBIOS UUID: the UID of this object."),
      host: z.string().max(253).optional().describe('Where it runs.'),
      state: z.string().max(63).optional().describe("The machine's state when it was last written."),
      operation: z.string().max(1024).optional().describe('An operation of the provider that is under way.'),
      attempt: z.int().min(0).max(1000).optional().describe('Which attempt this is.'),
      providerID: z.string().max(512).optional().describe("The Node's spec.providerID."),
      createdAt: time().optional().describe('When its creation was decided; no Node older than this is it.'),
    })
    .optional()
    .describe('The machine, written down before the first call that makes it.'),
  nodeName: z.string().max(253).optional().describe('Its Node.'),
  nodeUID: uid().optional().describe("Its Node's UID."),
  systemUUID: z.string().max(64).optional().describe('The machine id its Node reports.'),
  resources: z
    .strictObject({
      cpu: quantity().describe('CPU.'),
      memory: quantity().describe('Memory.'),
      disk: quantity().optional().describe('Disk.'),
    })
    .optional()
    .describe('Its size, as it was when it was admitted; a later edit of the pool changes nothing.'),
  drain: drainBlock().optional().describe('How far its drain is.'),
  node: nodeBlock().optional().describe('What is known of its Node.'),
  usage: usageBlock().optional().describe('What its pods request.'),
  registeredAt: time().optional().describe('When its Node joined.'),
  expiresAt: time().optional().describe('When it begins to drain.'),
  hardStopAt: time().optional().describe('When what is left on it is forced, where the pool forces.'),
});
export type BurstWorkerStatus = z.output<typeof BurstWorkerStatus>;

export type BurstWorker = CustomResource<'BurstWorker', BurstWorkerSpec, BurstWorkerStatus>;
export const BurstWorkers = resource('BurstWorker', 'burstworkers', 'Cluster');

export const burstWorkerKind: KindSource = {
  kind: 'BurstWorker',
  plural: 'burstworkers',
  scope: 'Cluster',
  shortNames: ['bw'],
  description: 'One virtual machine that becomes one Node, with a time to live: created, joined, drained, destroyed.',
  spec: BurstWorkerSpec,
  status: BurstWorkerStatus,
  rules: [
    rule('self.metadata.name.size() <= 63', 'metadata.name must be at most 63 characters: its Node is named after it'),
  ],
  selectableFields: ['.spec.pool', '.spec.claimRef.name'],
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands' },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether its Node takes pods',
    },
    { name: 'Pool', type: 'string', jsonPath: '.spec.pool', description: 'Its pool' },
    { name: 'Size', type: 'string', jsonPath: '.spec.size', description: 'Its size' },
    { name: 'Claim', type: 'string', jsonPath: '.spec.claimRef.name', description: 'The Allocation that uses it' },
    { name: 'Expires', type: 'string', jsonPath: '.status.expiresAt', description: 'When it begins to drain' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
    { name: 'Node', type: 'string', jsonPath: '.status.nodeName', description: 'Its Node', priority: 1 },
    { name: 'VM', type: 'string', jsonPath: '.status.vm.id', description: 'Its machine', priority: 1 },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why it is, or is not, ready',
      priority: 1,
    },
  ],
};
