import * as z from 'zod';
import { age, number, text } from './columns.ts';
import { conditions } from './condition.ts';
import { count, durationOrEmpty, objectName, time } from './fields.ts';
import { type CustomResource, type KindSource } from './kind.ts';
import { constant, constrained } from './kubernetes.ts';

const Server = z.strictObject({ name: objectName(63).describe('The name of the McpServer, in this namespace.') });

const Fields = z.strictObject({
  serverRef: constant(Server, 'serverRef', 'create another McpServerScale').describe(
    'The server this is about; immutable.',
  ),
  replicas: z.int().min(0).max(10).default(1).describe('How many replicas are wished, 0 to 10.'),
  policy: z
    .enum(['Set', 'AtLeast', 'Override'])
    .default('Set')
    .describe(
      'So many (Set), not fewer (AtLeast), or so many whatever was asked for as a floor before (Override). Of several Sets and Overrides the newest counts.',
    ),
  force: z
    .boolean()
    .default(false)
    .describe('With replicas 0 only: pods are deleted at once, without time to end by themselves.'),
  ttl: durationOrEmpty()
    .default('')
    .describe('How long the wish counts, from when it is accepted. Empty: until it is deleted.'),
});

export const McpServerScaleSpec = constrained(Fields, [
  {
    rule: '!self.force || self.replicas == 0',
    message: 'force goes with replicas: 0 only: set replicas: 0, or force: false',
    fieldPath: '.force',
    holds: ({ force, replicas }) => !force || replicas === 0,
  },
]);
export type McpServerScaleSpec = z.output<typeof McpServerScaleSpec>;

export const McpServerScaleStatus = z.strictObject({
  phase: z
    .enum(['Effective', 'Superseded', 'Waiting', 'Lapsed'])
    .optional()
    .describe('A summary of the conditions, for printing.'),
  replicas: count().optional().describe('Pods of the server.'),
  selector: z.string().max(4096).optional().describe('The label selector of those pods.'),
  effectiveReplicas: count().optional().describe('What all wishes come to.'),
  ready: count().optional().describe('Pods that are ready.'),
  acceptedSequence: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Its place among the wishes about this server: the resourceVersion that was accepted. The highest is the newest.',
    ),
  acceptedGeneration: count().optional().describe('The metadata.generation that was accepted.'),
  acceptedAt: time().optional().describe('When it was accepted; its ttl counts from here.'),
  conditions: conditions(),
});
export type McpServerScaleStatus = z.output<typeof McpServerScaleStatus>;

export type McpServerScale = CustomResource<'McpServerScale', McpServerScaleSpec, McpServerScaleStatus>;

export const mcpServerScaleKind: KindSource = {
  kind: 'McpServerScale',
  plural: 'mcpserverscales',
  scope: 'Namespaced',
  shortNames: ['mss'],
  description:
    "One wish about one MCP server's replicas. Create, read and delete are enough to start, stop and scale a server.",
  spec: McpServerScaleSpec,
  status: McpServerScaleStatus,
  conditions: ['Accepted', 'Applied', 'Ready'],
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
  selectableFields: ['.spec.serverRef.name'],
  columns: [
    text('Server', '.spec.serverRef.name', 'The server'),
    text('Policy', '.spec.policy', 'How the number counts'),
    number('Wish', '.spec.replicas', 'Replicas wished'),
    number('Effective', '.status.effectiveReplicas', 'What all wishes come to'),
    text('Phase', '.status.phase', 'Where it stands'),
    age,
  ],
};
