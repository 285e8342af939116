import * as z from 'zod';
import { dnsLabel, duration, objectName } from './fields.ts';
import { constant, constrained } from './kubernetes.ts';

const replicas = () => z.int().min(0).max(10);

const Bounds = constrained(
  z.strictObject({
    baseline: replicas()
      .optional()
      .describe('How many while nobody wishes otherwise. Unset: what the workload had, see status.baseline.'),
    min: replicas().default(0).describe('Never fewer.'),
    max: replicas().default(10).describe('Never more.'),
  }),
  [
    {
      rule: 'self.min <= self.max',
      message: 'replicas.min must not be above replicas.max: lower min, or raise max',
      fieldPath: '.min',
      holds: ({ min, max }) => min <= max,
    },
    {
      rule: '!has(self.baseline) || (self.min <= self.baseline && self.baseline <= self.max)',
      message: 'replicas.baseline must lie between replicas.min and replicas.max',
      fieldPath: '.baseline',
      holds: ({ baseline, min, max }) => baseline === undefined || (min <= baseline && baseline <= max),
    },
  ],
);

const Idle = z.strictObject({
  after: duration().default('5m').describe('How long nothing may use it before it counts as idle.'),
  enabled: z.boolean().default(false).describe('Whether an idle server is scaled to replicas.min.'),
});

const Probe = z.strictObject({
  type: z
    .enum(['Mcp', 'Http', 'None'])
    .default('Mcp')
    .describe('What Ready means beyond ready pods: an MCP handshake (Mcp), an HTTP answer (Http), or nothing (None).'),
  path: z.string().min(1).max(512).regex(/^\//).default('/mcp').describe('The path that is asked.'),
});

const Workload = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet']).default('Deployment').describe('The kind of the workload.'),
  name: objectName().describe('Its name, in this namespace.'),
});

export const McpServerSpec = z.strictObject({
  workloadRef: constant(Workload, 'workloadRef', 'create another McpServer').describe(
    'The workload that is the server; immutable.',
  ),
  service: dnsLabel()
    .optional()
    .describe('The Service in front of it. Unset: the one of the same name, else the one that selects its pods.'),
  replicas: Bounds.prefault({}).describe('The bounds of its replicas, 0 to 10.'),
  idle: Idle.prefault({}).describe('What happens when nothing uses it.'),
  probe: Probe.prefault({}).describe('How it is found to be Ready.'),
});

export type McpServerSpec = z.output<typeof McpServerSpec>;
