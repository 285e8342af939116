import * as z from 'zod';
import { drainBlock } from './blocks.ts';
import { age, number, text, wide } from './columns.ts';
import { conditions } from './condition.ts';
import { drainRules, onDeadline } from './drain-rules.ts';
import { objectName, uid } from './fields.ts';
import { type CustomResource, type KindSource } from './kind.ts';
import { constant } from './kubernetes.ts';

export const NodeDrainSpec = z.strictObject({
  nodeName: constant(objectName(), 'nodeName', 'create another NodeDrain').describe(
    'The Node to cordon and drain; immutable.',
  ),
  ...drainRules,
  onDeadline: onDeadline('Hold'),
  reason: z.string().max(1024).optional().describe('Why, in words for others.'),
});

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

export const nodeDrainKind: KindSource = {
  kind: 'NodeDrain',
  plural: 'nodedrains',
  scope: 'Cluster',
  shortNames: ['nd'],
  description: 'kubectl drain as an object: created, the Node is cordoned and drained; deleted, it is uncordoned.',
  spec: NodeDrainSpec,
  status: NodeDrainStatus,
  conditions: ['Cordoned', 'Drained', 'VolumesDetached'],
  columns: [
    text('Node', '.spec.nodeName', 'The Node'),
    text('Phase', '.status.phase', 'Where it stands'),
    number('Pods', '.status.drain.pods.total', 'Pods that have to leave'),
    number('Blocked', '.status.drain.pods.blocked', 'Pods not allowed to leave yet'),
    text('Deadline', '.status.drain.deadline', 'When its time is over'),
    age,
    wide(text('Reason', '.spec.reason', 'Why')),
  ],
};
