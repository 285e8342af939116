import * as z from 'zod';
import { drainBlock, nodeBlock, usageBlock } from './blocks.ts';
import { conditions } from './condition.ts';
import {
  count,
  dnsLabel,
  duration,
  labelSelector,
  listMap,
  PRIORITIES,
  quantity,
  stringMap,
  taint,
  time,
} from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { kubernetes, rule } from './kubernetes.ts';

export const PROVIDER_TYPES = ['Kwok', 'Proxmox', 'Qemu', 'External', 'Mcp', 'ClusterApi', 'KubeVirt'] as const;

/** The sizes a pool has unless it says otherwise. */
const SIZES = [
  { name: 'small', cpu: '2', memory: '4Gi', disk: '50Gi' },
  { name: 'medium', cpu: '4', memory: '8Gi', disk: '100Gi' },
  { name: 'large', cpu: '8', memory: '16Gi', disk: '200Gi' },
];

const Provider = z
  .strictObject({
    type: z.enum(PROVIDER_TYPES).describe('Which provider makes the machines; immutable.'),
    kwok: z
      .strictObject({ bootDelay: duration().default('0s').describe('How long a machine takes to boot.') })
      .optional()
      .describe('Settings of type Kwok: Nodes that KWOK plays, for trials and tests.'),
  })
  .register(kubernetes, {
    rules: [
      {
        rule: 'self.type == oldSelf.type',
        message: 'provider.type is immutable: create another WorkerPool',
        reason: 'FieldValueForbidden',
      },
      rule("!has(self.kwok) || self.type == 'Kwok'", 'provider.kwok goes with provider.type: Kwok only'),
    ],
  })
  .refine(
    ({ type, kwok }) => kwok === undefined || type === 'Kwok',
    'provider.kwok goes with provider.type: Kwok only',
  );

const Drain = z.strictObject({
  timeout: duration().default('10m').describe('How long a drain may take; counted once, from its start.'),
  gracePeriod: duration().default('5m').describe("The most of a pod's own grace that is honoured."),
  onDeadline: z
    .enum(['ForceDelete', 'Hold'])
    .default('ForceDelete')
    .describe('What happens at the deadline: pods are deleted, or the drain holds.'),
  daemonSets: z.enum(['Skip', 'EvictLast']).default('Skip').describe('Pods of DaemonSets stay, or leave last.'),
  unmanagedPods: z
    .enum(['Evict', 'Block'])
    .default('Evict')
    .describe('Pods that nothing would bring back are evicted, or block.'),
  order: z
    .array(
      z.strictObject({
        selector: labelSelector().describe('The pods this is about.'),
        order: z.int().min(-1000).max(1000).describe('Lower leaves earlier.'),
        behavior: z.enum(['Drain', 'Skip']).default('Drain').describe('Whether they leave at all.'),
      }),
    )
    .max(16)
    .default([])
    .describe('Pods that leave in an order of their own.'),
  maxConcurrent: z.int().min(1).max(1000).default(10).describe('Nodes of this pool that drain at once.'),
});

export const WorkerPoolSpec = z
  .strictObject({
    class: z
      .enum(['Permanent', 'Burst', 'Spot', 'GPU'])
      .describe('What the workers are. Permanent has no provider: it only counts Nodes that exist.'),
    default: z
      .boolean()
      .default(false)
      .describe('Serves requests that name no pool. Of two such pools the older does.'),
    provider: Provider.optional().describe('What makes the machines. Required unless class is Permanent.'),
    sizes: listMap(
      z.strictObject({
        name: dnsLabel().describe('What requests call it.'),
        cpu: quantity().describe('CPU of such a worker.'),
        memory: quantity().describe('Memory of such a worker.'),
        disk: quantity().optional().describe('Disk of such a worker.'),
      }),
      'name',
      16,
    )
      .default(SIZES)
      .describe('The sizes it offers. Default: small (2 CPU, 4Gi), medium (4, 8Gi), large (8, 16Gi).'),
    defaultSize: dnsLabel().default('medium').describe('The size of requests that name none.'),
    limits: z
      .strictObject({
        workers: z.int().min(0).max(10_000).optional().describe('The most workers at a time.'),
        cpu: quantity().optional().describe('The most CPU of all its workers.'),
        memory: quantity().optional().describe('The most memory of all its workers.'),
      })
      .optional()
      .describe(
        'What admission never overruns. Lowered below what is in use, nothing is evicted and nothing is admitted.',
      ),
    warm: z.int().min(0).max(1000).default(0).describe('Ready, free workers of defaultSize to keep.'),
    namespaceSelector: labelSelector()
      .optional()
      .describe('Namespaces whose Allocations may use it. Unset or empty: all.'),
    maxPriority: z.enum(PRIORITIES).default('Critical').describe('The highest priority it honours.'),
    ttl: z
      .strictObject({
        default: duration().default('4h').describe('The ttl of workers that name none.'),
        max: duration().default('168h').describe('The hard ceiling of any worker, counted from creation.'),
      })
      .prefault({})
      .describe('How long its workers live.'),
    provisioning: z
      .strictObject({
        timeout: duration().default('15m').describe('From creation to a Ready Node.'),
        maxInFlight: z.int().min(1).max(1000).default(5).describe('Machines that are made at once.'),
        attempts: z.int().min(1).max(10).default(3).describe('Tries before a worker is Failed.'),
      })
      .prefault({})
      .describe('How machines are made.'),
    drain: Drain.prefault({}).describe('How its Nodes are emptied.'),
    onNodeDeleted: z
      .enum(['Rejoin', 'Terminate'])
      .default('Rejoin')
      .describe('A person deleted the Node while its machine runs: let it join again, or end the worker.'),
    preemption: z
      .strictObject({
        policy: z
          .enum(['Never', 'LowerPriority'])
          .default('Never')
          .describe('Whether a request may take the place of one of lower priority.'),
        minRuntime: duration().default('10m').describe('How long an Allocation runs before it may be preempted.'),
      })
      .prefault({})
      .describe('Who gives way to whom.'),
    queue: z
      .strictObject({
        ordering: z
          .enum(['BestEffort', 'Strict'])
          .default('BestEffort')
          .describe('Whether smaller requests may pass a head that does not fit.'),
        ageAfter: duration().default('10m').describe('Once the head has waited this long, nothing passes it.'),
      })
      .prefault({})
      .describe('In which order requests are admitted.'),
    isolation: z
      .enum(['Exclusive', 'Shared'])
      .default('Exclusive')
      .describe('Exclusive: its Nodes carry a taint that only their job tolerates.'),
    template: z
      .strictObject({
        labels: stringMap(32, 63).optional().describe('Labels of its Nodes.'),
        annotations: stringMap(32).optional().describe('Annotations of its Nodes.'),
        taints: z.array(taint()).max(16).optional().describe('Taints of its Nodes.'),
      })
      .optional()
      .describe('What its Nodes carry besides our own marks.'),
    nodeSelector: stringMap(16, 63).optional().describe('Class Permanent only: labels of the Nodes that belong to it.'),
  })
  .register(kubernetes, {
    rules: [
      rule(
        "self.class != 'Permanent' || !has(self.provider)",
        'provider must be unset for class Permanent: it makes no machines',
        '.provider',
      ),
      rule(
        "self.class == 'Permanent' || has(self.provider)",
        'provider is required unless class is Permanent: set provider.type',
        '.provider',
      ),
      rule(
        "self.class == 'Permanent' || !has(self.nodeSelector)",
        'nodeSelector goes with class Permanent only',
        '.nodeSelector',
      ),
      rule('self.sizes.exists(s, s.name == self.defaultSize)', 'defaultSize must be one of sizes', '.defaultSize'),
    ],
  })
  .refine(
    ({ class: of, provider }) => (of === 'Permanent') === (provider === undefined),
    'provider is required unless class is Permanent',
  )
  .refine(
    ({ class: of, nodeSelector }) => of === 'Permanent' || nodeSelector === undefined,
    'nodeSelector goes with class Permanent only',
  )
  .refine(
    ({ sizes, defaultSize }) => sizes.some(({ name }) => name === defaultSize),
    'defaultSize must be one of sizes',
  );
export type WorkerPoolSpec = z.output<typeof WorkerPoolSpec>;

const Amount = z.strictObject({
  workers: count().optional().describe('Workers. Unset: unlimited.'),
  cpu: quantity().optional().describe('CPU. Unset: unlimited.'),
  memory: quantity().optional().describe('Memory. Unset: unlimited.'),
});

export const WorkerPoolStatus = z.strictObject({
  workers: z
    .strictObject({
      total: count().optional().describe('All of them.'),
      ready: count().optional().describe('Ready.'),
      claimed: count().optional().describe('Used by an Allocation.'),
      warm: count().optional().describe('Ready, free and claimable.'),
      provisioning: count().optional().describe('On their way up.'),
      draining: count().optional().describe('On their way down.'),
      failed: count().optional().describe('Failed.'),
    })
    .optional()
    .describe('Its workers by state.'),
  capacity: z
    .strictObject({
      total: Amount.optional().describe('What it has: its limits.'),
      reserved: Amount.optional().describe('What is given away.'),
      available: Amount.optional().describe('What a request could get now.'),
    })
    .optional()
    .describe('Its capacity.'),
  queue: z
    .strictObject({
      pending: count().optional().describe('Allocations that wait.'),
      oldestSince: time().optional().describe('Since when the oldest of them waits.'),
    })
    .optional()
    .describe('Who waits for it.'),
  nodes: listMap(
    z.strictObject({
      name: z.string().max(253).describe('The Node.'),
      phase: z.string().max(32).optional().describe('Its phase.'),
      node: nodeBlock().optional().describe('What is known of it.'),
      usage: usageBlock().optional().describe('What its pods request.'),
      drain: drainBlock().optional().describe('How far its drain is.'),
    }),
    'name',
    200,
  )
    .optional()
    .describe('Class Permanent only: its Nodes.'),
  conditions: conditions(),
});
export type WorkerPoolStatus = z.output<typeof WorkerPoolStatus>;

export type WorkerPool = CustomResource<'WorkerPool', WorkerPoolSpec, WorkerPoolStatus>;
export const WorkerPools = resource('WorkerPool', 'workerpools', 'Cluster');

export const workerPoolKind: KindSource = {
  kind: 'WorkerPool',
  plural: 'workerpools',
  scope: 'Cluster',
  shortNames: ['wp'],
  description: 'Where workers come from: class, provider, sizes, limits, and how their Nodes are drained.',
  spec: WorkerPoolSpec,
  status: WorkerPoolStatus,
  rules: [
    rule('self.metadata.name.size() <= 40', 'metadata.name must be at most 40 characters: workers are named after it'),
  ],
  columns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.class', description: 'What the workers are' },
    { name: 'Provider', type: 'string', jsonPath: '.spec.provider.type', description: 'What makes the machines' },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether it admits requests',
    },
    { name: 'Workers', type: 'integer', jsonPath: '.status.workers.total', description: 'Its workers' },
    {
      name: 'Reserved',
      type: 'integer',
      jsonPath: '.status.capacity.reserved.workers',
      description: 'Slots given away',
    },
    { name: 'Limit', type: 'integer', jsonPath: '.spec.limits.workers', description: 'The most workers' },
    { name: 'Pending', type: 'integer', jsonPath: '.status.queue.pending', description: 'Allocations that wait' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
    {
      name: 'Warm',
      type: 'integer',
      jsonPath: '.status.workers.warm',
      description: 'Ready, free workers',
      priority: 1,
    },
    {
      name: 'Default',
      type: 'string',
      jsonPath: '.spec.default',
      description: 'Serves requests that name no pool',
      priority: 1,
    },
  ],
};
