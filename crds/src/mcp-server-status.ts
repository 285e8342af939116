import * as z from 'zod';
import { list } from './collections.ts';
import { conditions } from './condition.ts';
import { count, time } from './fields.ts';

export const McpServerStatus = z.strictObject({
  phase: z.enum(['Running', 'Stopped', 'Scaling', 'Pending']).optional().describe('A summary, for printing.'),
  desired: count().optional().describe('Replicas it shall have.'),
  replicas: count().optional().describe('Pods that are there.'),
  ready: count().optional().describe('Of those, ready.'),
  available: count().optional().describe('Of those, available.'),
  updated: count().optional().describe('Of those, of the newest template.'),
  endpoints: list(z.string().max(512), 16).optional().describe('Where it answers.'),
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
      because: list(
        z.strictObject({
          kind: z.string().max(63).describe('The kind of who wishes.'),
          name: z.string().max(253).describe('Its name.'),
          wants: count().describe('How many.'),
        }),
        32,
      )
        .optional()
        .describe('Whose wishes these are.'),
    })
    .optional()
    .describe('What it is scaled to, and why.'),
  conditions: conditions(),
});
export type McpServerStatus = z.output<typeof McpServerStatus>;
