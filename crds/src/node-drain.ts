import * as z from 'zod';
import { drainBlock } from './blocks.ts';
import { conditions } from './condition.ts';
import { dnsName, duration, uid } from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { immutable, kubernetes } from './kubernetes.ts';

export const NodeDrainSpec = z
  .strictObject({
    nodeName: dnsName().describe('The Node to cordon and drain; immutable.'),
    timeout: duration().default('10m').describe('How long the drain may take; counted once, from its start.'),
    gracePeriod: duration().default('5m').describe("The most of a pod's own grace that is honoured."),
    onDeadline: z
      .enum(['Hold', 'ForceDelete'])
      .default('Hold')
      .describe('What happens at the deadline: the drain holds, or pods are deleted.'),
    daemonSets: z.enum(['Skip', 'EvictLast']).default('Skip').describe('Pods of DaemonSets stay, or leave last.'),
    unmanagedPods: z
      .enum(['Evict', 'Block'])
      .default('Evict')
      .describe('Pods that nothing would bring back are evicted, or block.'),
    reason: z.string().max(1024).optional().describe('Why, in words for others.'),
  })
  .register(kubernetes, { rules: [immutable('nodeName', 'create another NodeDrain')] });
export type NodeDrainSpec = z.output<typeof NodeDrainSpec>;

export const NodeDrainStatus = z.strictObject({
  phase: z
    .enum(['Pending', 'Draining', 'Drained', 'Failed', 'Restoring'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  nodeUID: uid().optional().describe('The Node as it was first seen; another Node of that name is not touched.'),
  conditions: conditions(),
  drain: drainBlock().optional().describe('How far the drain is.'),
});
export type NodeDrainStatus = z.output<typeof NodeDrainStatus>;

export type NodeDrain = CustomResource<'NodeDrain', NodeDrainSpec, NodeDrainStatus>;
export const NodeDrains = resource('NodeDrain', 'nodedrains', 'Cluster');

export const nodeDrainKind: KindSource = {
  kind: 'NodeDrain',
  plural: 'nodedrains',
  scope: 'Cluster',
  shortNames: ['nd'],
  description: 'kubectl drain as an object: created, the Node is cordoned and drained; deleted, it is uncordoned.',
  spec: NodeDrainSpec,
  status: NodeDrainStatus,
  columns: [
    { name: 'Node', type: 'string', jsonPath: '.spec.nodeName', description: 'The Node' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands' },
    { name: 'Pods', type: 'integer', jsonPath: '.status.drain.pods.total', description: 'Pods that have to leave' },
    {
      name: 'Blocked',
      type: 'integer',
      jsonPath: '.status.drain.pods.blocked',
      description: 'Pods not allowed to leave yet',
    },
    { name: 'Deadline', type: 'string', jsonPath: '.status.drain.deadline', description: 'When its time is over' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason', description: 'Why', priority: 1 },
  ],
};
