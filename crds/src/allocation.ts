import * as z from 'zod';
import { conditions } from './condition.ts';
import {
  count,
  dnsLabel,
  duration,
  durationOrEmpty,
  labelValue,
  listMap,
  PRIORITIES,
  quantity,
  stringMap,
  time,
  uid,
} from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { immutable, kubernetes, rule } from './kubernetes.ts';

const NEW_NAME = 'create another Allocation, with spec.takesOver to keep its workers';

export const AllocationSpec = z
  .strictObject({
    jobId: labelValue()
      .optional()
      .describe('The job this is for; it names the mark on its Nodes. Default: metadata.name.'),
    mcpServers: z
      .array(dnsLabel())
      .max(20)
      .register(kubernetes, { listType: 'set' })
      .optional()
      .describe('Names of McpServers in this namespace that the job needs running, at most 20.'),
    workers: z
      .strictObject({
        count: z.int().min(0).max(100).describe('How many workers, 0 to 100; all of them or none.'),
        size: dnsLabel().optional().describe("A size of the pool. Default: the pool's defaultSize."),
        pool: dnsLabel(40)
          .optional()
          .describe('The WorkerPool they come from. Default: the pool with spec.default: true.'),
      })
      .optional()
      .describe('The workers the job needs.'),
    priority: z.enum(PRIORITIES).default('Normal').describe('Its place in the queue of the pool.'),
    ttl: duration()
      .register(kubernetes, {
        rules: [
          rule("duration(self) >= duration('60s')", 'ttl must be at least 60s'),
          rule("duration(self) <= duration('8760h')", 'ttl must be at most 8760h'),
        ],
      })
      .default('1h')
      .describe(
        'How long the job may use what it asked for, counted from Ready, at least 60s. Raise it to extend, within maxLifetime.',
      ),
    maxLifetime: duration()
      .register(kubernetes, {
        rules: [
          rule("duration(self) >= duration('60s')", 'maxLifetime must be at least 60s'),
          rule("duration(self) <= duration('8760h')", 'maxLifetime must be at most 8760h'),
        ],
      })
      .default('24h')
      .describe('The hard ceiling, counted from creation; no extension passes it.'),
    whenInsufficient: z
      .enum(['Queue', 'Fail'])
      .default('Queue')
      .describe('Without enough capacity: wait in the queue, or fail at once with the numbers.'),
    queueTimeout: duration().default('1h').describe('How long it waits in the queue before it fails.'),
    reclaimPolicy: z
      .enum(['Delete', 'ReturnToPool'])
      .default('Delete')
      .describe('What becomes of its workers at the end.'),
    takesOver: dnsLabel()
      .optional()
      .describe('The name of a live Allocation here whose workers and servers this one takes, without a drain.'),
    ttlAfterFinished: durationOrEmpty()
      .default('')
      .describe(
        'How long the finished object is kept. Empty: until its owner deletes it, so that a sync from Git does not revive it.',
      ),
    metadata: stringMap(32, 1024).optional().describe("The caller's own words, at most 32 entries."),
  })
  .register(kubernetes, {
    rules: [
      ...['jobId', 'mcpServers', 'workers', 'takesOver', 'metadata'].map((field) => immutable(field, NEW_NAME)),
      ...['priority', 'maxLifetime', 'whenInsufficient', 'queueTimeout', 'reclaimPolicy', 'ttlAfterFinished'].map(
        (field) => immutable(field, NEW_NAME),
      ),
    ],
  });
export type AllocationSpec = z.output<typeof AllocationSpec>;

export const AllocationStatus = z.strictObject({
  phase: z
    .enum(['Pending', 'Active', 'Releasing', 'Released', 'Failed'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  conditions: conditions(),
  jobId: z.string().max(253).optional().describe('The job this is for.'),
  reserved: z
    .strictObject({
      pool: z.string().max(63).describe('The WorkerPool.'),
      size: z.string().max(63).describe('The size, as it was when it was admitted.'),
      workers: count().describe('How many workers.'),
      cpu: quantity().describe('Their CPU in all.'),
      memory: quantity().describe('Their memory in all.'),
    })
    .optional()
    .describe('What is reserved for it.'),
  nextOrdinal: count().optional().describe('The number the next worker created for it is named by.'),
  tookOver: z
    .strictObject({ name: z.string().max(253).describe('Its name.'), uid: uid().describe('Its UID.') })
    .optional()
    .describe('The Allocation whose workers this one took over.'),
  chainStartedAt: time().optional().describe('When the first Allocation along the chain of hand-overs was created.'),
  admittedAt: time().optional().describe('When its capacity was reserved.'),
  readyAt: time().optional().describe('When everything was ready for the first time; ttl counts from here.'),
  expiresAt: time().optional().describe('When its workers begin to drain.'),
  hardStopAt: time().optional().describe('When what is left on its workers is forced, where the pool forces.'),
  finishedAt: time().optional().describe('When it ended.'),
  workersReady: z.string().max(16).optional().describe('Workers that are ready, of those asked for.'),
  serversReady: z.string().max(16).optional().describe('MCP servers that run, of those asked for.'),
  workers: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The BurstWorker.'),
      node: z.string().max(253).optional().describe('Its Node.'),
      phase: z.string().max(32).describe('Its phase.'),
      cpu: quantity().optional().describe('Its CPU.'),
      memory: quantity().optional().describe('Its memory.'),
      address: z.string().max(253).optional().describe('The first address of its Node.'),
    }),
    'name',
    100,
  )
    .optional()
    .describe('The workers that stand, or shall stand, for it.'),
  servers: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The McpServer.'),
      phase: z.string().max(32).describe('Its phase.'),
      endpoints: z.array(z.string().max(512)).max(16).optional().describe('Where it answers.'),
    }),
    'name',
    20,
  )
    .optional()
    .describe('The MCP servers it asked for.'),
  placement: z
    .strictObject({
      nodeSelector: stringMap(8, 63).describe('For spec.nodeSelector of the pods.'),
      tolerations: z
        .array(
          z.strictObject({
            key: z.string().max(317).describe('The key of the taint.'),
            operator: z.enum(['Equal', 'Exists']).describe('How the value compares.'),
            value: z.string().max(63).optional().describe('The value of the taint.'),
            effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).describe('The effect of the taint.'),
          }),
        )
        .max(8)
        .describe('For spec.tolerations of the pods.'),
    })
    .optional()
    .describe('Copy this into the pod template of the job, and its pods run on its workers and nowhere else.'),
});
export type AllocationStatus = z.output<typeof AllocationStatus>;

export type Allocation = CustomResource<'Allocation', AllocationSpec, AllocationStatus>;
export const Allocations = resource('Allocation', 'allocations', 'Namespaced');

export const allocationKind: KindSource = {
  kind: 'Allocation',
  plural: 'allocations',
  scope: 'Namespaced',
  shortNames: ['alloc'],
  description:
    "A job's claim on some workers and MCP servers, for a time: queued, admitted all or nothing, made Ready, expired, released.",
  spec: AllocationSpec,
  status: AllocationStatus,
  rules: [
    rule('self.metadata.name.size() <= 63', 'metadata.name must be at most 63 characters'),
    rule(
      '!has(self.spec.takesOver) || self.spec.takesOver != self.metadata.name',
      'spec.takesOver must name another Allocation, not this one',
    ),
  ],
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands' },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether the job can use it',
    },
    {
      name: 'Workers',
      type: 'string',
      jsonPath: '.status.workersReady',
      description: 'Ready workers of those asked for',
    },
    {
      name: 'Servers',
      type: 'string',
      jsonPath: '.status.serversReady',
      description: 'Running servers of those asked for',
    },
    { name: 'Priority', type: 'string', jsonPath: '.spec.priority', description: 'Place in the queue' },
    { name: 'Expires', type: 'string', jsonPath: '.status.expiresAt', description: 'When its workers begin to drain' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
    { name: 'Job', type: 'string', jsonPath: '.status.jobId', description: 'The job', priority: 1 },
    {
      name: 'Pool',
      type: 'string',
      jsonPath: '.status.reserved.pool',
      description: 'The pool of its workers',
      priority: 1,
    },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why it is, or is not, ready',
      priority: 1,
    },
  ],
};
