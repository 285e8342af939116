import * as z from 'zod';
import { conditions } from './condition.ts';
import { count, dnsLabel, durationOrEmpty } from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { kubernetes, rule } from './kubernetes.ts';

export const McpServerScaleSpec = z
  .strictObject({
    serverRef: z
      .strictObject({ name: dnsLabel().describe('The McpServer, in this namespace.') })
      .register(kubernetes, {
        rules: [
          {
            rule: 'self == oldSelf',
            message: 'serverRef is immutable: create another McpServerScale',
            reason: 'FieldValueForbidden',
          },
        ],
      })
      .describe('The server this is about; immutable.'),
    replicas: z.int().min(0).max(10).default(1).describe('How many replicas are wished, 0 to 10.'),
    policy: z
      .enum(['Set', 'AtLeast', 'Override'])
      .default('Set')
      .describe('Set: so many. AtLeast: not fewer. Override: so many, whatever was asked for as a floor before.'),
    force: z.boolean().default(false).describe('With replicas 0: pods are deleted without grace.'),
    ttl: durationOrEmpty().default('').describe('How long the wish counts. Empty: until it is deleted.'),
  })
  .register(kubernetes, {
    rules: [rule('!self.force || self.replicas == 0', 'force goes with replicas: 0 only', '.force')],
  })
  .refine(({ force, replicas }) => !force || replicas === 0, 'force goes with replicas: 0 only');
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
  acceptedSequence: count()
    .optional()
    .describe('Its place among the wishes about this server; the highest is the newest.'),
  acceptedGeneration: count().optional().describe('The metadata.generation that was accepted.'),
  conditions: conditions(),
});
export type McpServerScaleStatus = z.output<typeof McpServerScaleStatus>;

export type McpServerScale = CustomResource<'McpServerScale', McpServerScaleSpec, McpServerScaleStatus>;
export const McpServerScales = resource('McpServerScale', 'mcpserverscales', 'Namespaced');

export const mcpServerScaleKind: KindSource = {
  kind: 'McpServerScale',
  plural: 'mcpserverscales',
  scope: 'Namespaced',
  shortNames: ['mss'],
  description: "One wish about one MCP server's replicas.",
  spec: McpServerScaleSpec,
  status: McpServerScaleStatus,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
  selectableFields: ['.spec.serverRef.name'],
  columns: [
    { name: 'Server', type: 'string', jsonPath: '.spec.serverRef.name', description: 'The server' },
    { name: 'Policy', type: 'string', jsonPath: '.spec.policy', description: 'How the number counts' },
    { name: 'Wish', type: 'integer', jsonPath: '.spec.replicas', description: 'Replicas wished' },
    {
      name: 'Effective',
      type: 'integer',
      jsonPath: '.status.effectiveReplicas',
      description: 'What all wishes come to',
    },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
  ],
};
