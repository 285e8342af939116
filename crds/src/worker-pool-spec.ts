import * as z from 'zod';
import { Bootstrap } from './bootstrap.ts';
import { list, listMap } from './collections.ts';
import { drainRules, onDeadline } from './drain-rules.ts';
import { atMost, dnsLabel, duration, PRIORITIES, quantity, within } from './fields.ts';
import { constrained, onUpdate } from './kubernetes.ts';
import { annotationMap, labelMap, labelSelector, taint } from './labels.ts';
import { Provider } from './provider.ts';
import { poolChanges, poolRules } from './worker-pool-rules.ts';

/** The sizes a pool has unless it says otherwise. */
const SIZES = [
  { name: 'small', cpu: '2', memory: '4Gi', disk: '50Gi' },
  { name: 'medium', cpu: '4', memory: '8Gi', disk: '100Gi' },
  { name: 'large', cpu: '8', memory: '16Gi', disk: '200Gi' },
];

const Size = z.strictObject({
  name: dnsLabel().describe('What requests call it, such as medium.'),
  cpu: quantity().describe('CPU of such a worker, in cores.'),
  memory: quantity().describe('Memory of such a worker, in bytes.'),
  disk: quantity().optional().describe('Disk of such a worker, in bytes.'),
});

const Limits = z.strictObject({
  workers: z.int().min(0).max(10_000).optional().describe('The most workers at a time. Unset: no limit.'),
  cpu: quantity().optional().describe('The most CPU of all its workers together, in cores. Unset: no limit.'),
  memory: quantity().optional().describe('The most memory of all its workers together, in bytes. Unset: no limit.'),
});

const Ttl = constrained(
  z.strictObject({
    default: constrained(duration(), within('ttl.default', '60s'))
      .default('4h')
      .describe('The ttl of workers that name none, counted from the moment their Node joined.'),
    max: constrained(duration(), within('ttl.max', '60s'))
      .default('168h')
      .describe('The hard ceiling of any worker, counted from its creation.'),
  }),
  [
    {
      rule: 'duration(self.default) <= duration(self.max)',
      message: 'ttl.default must not be longer than ttl.max: raise ttl.max, or lower ttl.default',
      fieldPath: '.default',
      holds: (ttl) => atMost(ttl.default, ttl.max),
    },
  ],
);

const Provisioning = z.strictObject({
  timeout: duration().default('15m').describe('How long a worker may take from its creation to a Ready Node.'),
  maxInFlight: z.int().min(1).max(1000).default(5).describe('How many machines are made at the same time.'),
  attempts: z.int().min(1).max(10).default(3).describe('How often a worker is tried before it is Failed.'),
});

const Order = z.strictObject({
  selector: labelSelector('drain.order.selector').describe('The pods this is about, by their labels.'),
  order: z.int().min(-1000).max(1000).describe('Pods of a lower number leave earlier; pods without a rule count as 0.'),
  behavior: z.enum(['Drain', 'Skip']).default('Drain').describe('Whether they leave (Drain) or may stay (Skip).'),
});

const Drain = z.strictObject({
  ...drainRules,
  onDeadline: onDeadline('ForceDelete'),
  order: list(Order, 16).default([]).describe('Pods that leave in an order of their own.'),
  maxConcurrent: z.int().min(1).max(1000).default(10).describe('How many Nodes of this pool drain at the same time.'),
});

const Preemption = z.strictObject({
  policy: z
    .enum(['Never', 'LowerPriority'])
    .default('Never')
    .describe('Whether a request may take the place of running ones of lower priority.'),
  minRuntime: duration().default('10m').describe('How long an Allocation runs at least before it may be preempted.'),
});

const Queue = z.strictObject({
  ordering: z
    .enum(['BestEffort', 'Strict'])
    .default('BestEffort')
    .describe('Whether requests that fit may pass a head that does not (BestEffort), or never (Strict).'),
  ageAfter: duration().default('10m').describe('Once the head has waited this long, nothing passes it any more.'),
});

const Template = z.strictObject({
  labels: labelMap('template.labels', 32).optional().describe('Labels of its Nodes.'),
  annotations: annotationMap('template.annotations', 32).optional().describe('Annotations of its Nodes.'),
  taints: listMap(taint(), ['key', 'effect'], 16).optional().describe('Taints of its Nodes.'),
});

const Fields = z.strictObject({
  class: z
    .enum(['Permanent', 'Burst', 'Spot', 'GPU'])
    .describe('What its workers are. Permanent has no provider: it only counts Nodes that exist.'),
  default: z
    .boolean()
    .default(false)
    .describe('Serves requests that name no pool. Of two such pools the older does, and the other says so.'),
  provider: Provider.optional().describe('What makes the machines. Required, unless class is Permanent.'),
  sizes: listMap(Size, ['name'], 16).default(SIZES).describe('The sizes of worker it offers.'),
  defaultSize: dnsLabel().default('medium').describe('The size of requests that name none; one of sizes.'),
  limits: Limits.optional().describe(
    'What admission never overruns. Lowered below what is in use, nothing is evicted and nothing is admitted.',
  ),
  warm: z.int().min(0).max(1000).default(0).describe('How many Ready, free workers of defaultSize it keeps.'),
  namespaceSelector: labelSelector('namespaceSelector')
    .optional()
    .describe('Namespaces whose Allocations may use it, by their labels. Unset or empty: all.'),
  maxPriority: z
    .enum(PRIORITIES)
    .default('Critical')
    .describe('The highest priority it honours; it refuses higher ones.'),
  ttl: Ttl.prefault({}).describe('How long its workers live.'),
  provisioning: Provisioning.prefault({}).describe('How machines are made.'),
  drain: Drain.prefault({}).describe('How its Nodes are emptied before they go.'),
  onNodeDeleted: z
    .enum(['Rejoin', 'Terminate'])
    .default('Rejoin')
    .describe(
      'A person deleted the Node while its machine runs: it joins again (Rejoin), or the worker ends (Terminate).',
    ),
  preemption: Preemption.prefault({}).describe('Who gives way to whom.'),
  queue: Queue.prefault({}).describe('In which order requests are admitted.'),
  isolation: z
    .enum(['Exclusive', 'Shared'])
    .default('Exclusive')
    .describe(
      'Exclusive: its Nodes carry a taint that only the job they serve tolerates. Shared: anybody may run there.',
    ),
  template: Template.optional().describe('What its Nodes carry besides our own marks.'),
  nodeSelector: labelMap('nodeSelector', 16)
    .optional()
    .describe('Class Permanent only: labels of the Nodes that belong to it. Nodes of the control plane never do.'),
  bootstrap: Bootstrap.optional().describe(
    'How a machine becomes a Node, for providers whose machines boot by themselves.',
  ),
});

export const WorkerPoolSpec = onUpdate(constrained(Fields, poolRules), poolChanges);
export type WorkerPoolSpec = z.output<typeof WorkerPoolSpec>;
