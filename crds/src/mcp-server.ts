import * as z from 'zod';
import { conditions } from './condition.ts';
import { count, dnsLabel, dnsName, duration, time } from './fields.ts';
import { type CustomResource, type KindSource, resource } from './kind.ts';
import { kubernetes, rule } from './kubernetes.ts';

const replicas = () => z.int().min(0).max(10);

export const McpServerSpec = z
  .strictObject({
    workloadRef: z
      .strictObject({
        kind: z.enum(['Deployment', 'StatefulSet']).default('Deployment').describe('The kind of the workload.'),
        name: dnsName().describe('Its name, in this namespace.'),
      })
      .describe('The workload that is the server; immutable.'),
    service: dnsLabel()
      .optional()
      .describe('The Service in front of it. Default: the one of the same name, else the one that selects its pods.'),
    replicas: z
      .strictObject({
        baseline: replicas()
          .optional()
          .describe('Replicas while nobody wishes otherwise. Default: what the workload had.'),
        min: replicas().default(0).describe('Never fewer.'),
        max: replicas().default(10).describe('Never more.'),
      })
      .register(kubernetes, {
        rules: [
          rule('self.min <= self.max', 'replicas.min must not be above replicas.max', '.min'),
          rule(
            '!has(self.baseline) || (self.min <= self.baseline && self.baseline <= self.max)',
            'replicas.baseline must lie between replicas.min and replicas.max',
            '.baseline',
          ),
        ],
      })
      .refine(({ min, max }) => min <= max, 'replicas.min must not be above replicas.max')
      .refine(
        ({ baseline, min, max }) => baseline === undefined || (min <= baseline && baseline <= max),
        'replicas.baseline must lie between min and max',
      )
      .default({ min: 0, max: 10 })
      .describe('Its bounds.'),
    idle: z
      .strictObject({
        after: duration().default('5m').describe('How long nothing may use it before it counts as idle.'),
        enabled: z.boolean().default(false).describe('Whether an idle server is scaled to replicas.min.'),
      })
      .prefault({})
      .describe('What happens when nothing uses it.'),
    probe: z
      .strictObject({
        type: z
          .enum(['Mcp', 'Http', 'None'])
          .default('Mcp')
          .describe('What Ready means beyond pods: an MCP handshake, an HTTP answer, nothing.'),
        path: z.string().max(512).regex(/^\//).default('/mcp').describe('Where it is asked.'),
      })
      .prefault({})
      .describe('How it is probed.'),
  })
  .register(kubernetes, {
    rules: [
      {
        rule: 'self.workloadRef == oldSelf.workloadRef',
        message: 'workloadRef is immutable: create another McpServer',
        reason: 'FieldValueForbidden',
      },
    ],
  });
export type McpServerSpec = z.output<typeof McpServerSpec>;

export const McpServerStatus = z.strictObject({
  phase: z.enum(['Running', 'Stopped', 'Scaling', 'Pending']).optional().describe('A summary, for printing.'),
  desired: count().optional().describe('Replicas it shall have.'),
  replicas: count().optional().describe('Pods that are there.'),
  ready: count().optional().describe('Of those, ready.'),
  available: count().optional().describe('Of those, available.'),
  updated: count().optional().describe('Of those, of the newest template.'),
  endpoints: z.array(z.string().max(512)).max(16).optional().describe('Where it answers.'),
  lastActivityTime: time().optional().describe('When it was last used.'),
  service: z.string().max(253).optional().describe('The Service in front of it.'),
  baseline: count().optional().describe('Replicas while nobody wishes otherwise, as resolved.'),
  serverInfo: z
    .strictObject({
      name: z.string().max(253).optional().describe('What it calls itself.'),
      version: z.string().max(253).optional().describe('Its version.'),
      protocolVersion: z.string().max(64).optional().describe('The MCP version it speaks.'),
      tools: count().optional().describe('How many tools it offers.'),
    })
    .optional()
    .describe('What it said of itself in the MCP handshake.'),
  effective: z
    .strictObject({
      replicas: count().describe('The number all wishes come to.'),
      because: z
        .array(
          z.strictObject({
            kind: z.string().max(63).describe('The kind of who wishes.'),
            name: z.string().max(253).describe('Its name.'),
            wants: count().describe('How many.'),
          }),
        )
        .max(32)
        .optional()
        .describe('Whose wishes these are.'),
    })
    .optional()
    .describe('What it is scaled to, and why.'),
  conditions: conditions(),
});
export type McpServerStatus = z.output<typeof McpServerStatus>;

export type McpServer = CustomResource<'McpServer', McpServerSpec, McpServerStatus>;
export const McpServers = resource('McpServer', 'mcpservers', 'Namespaced');

export const mcpServerKind: KindSource = {
  kind: 'McpServer',
  plural: 'mcpservers',
  scope: 'Namespaced',
  shortNames: ['mcp'],
  description: 'One MCP server workload: its bounds, its idle rule, and what is known of it.',
  spec: McpServerSpec,
  status: McpServerStatus,
  rules: [rule('self.metadata.name.size() <= 63', 'metadata.name must be at most 63 characters')],
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.desired', description: 'Replicas it shall have' },
    { name: 'Ready', type: 'integer', jsonPath: '.status.ready', description: 'Replicas that are ready' },
    { name: 'Workload', type: 'string', jsonPath: '.spec.workloadRef.name', description: 'The workload' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since its creation' },
    {
      name: 'Server',
      type: 'string',
      jsonPath: '.status.serverInfo.name',
      description: 'What it calls itself',
      priority: 1,
    },
  ],
};
