import type { McpServer } from '@cortex/crds';
import * as z from 'zod';
import { findServer, namespaceName, objectName } from '../ids.ts';
import { becauseOf, desiredOf, serverDetails as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { budgetMs } from '../wait.ts';
import { wish } from '../wishes.ts';
import { serverDetails, timeout, wait } from './shapes.ts';

export const stopMcp = tool({
  name: 'stop_mcp',
  title: 'Stop MCP server',
  description:
    'Stops an MCP server and waits until its pods are gone. What an allocation needs stays up: because then says who, next_step what to do. force stops it all the same and gives pods no time.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: z.strictObject({
    name: objectName('an MCP server'),
    namespace: namespaceName().optional(),
    force: z.boolean().default(false).describe('Also against allocations that need it'),
    timeout: timeout(45),
  }),
  output: z.object({ ...serverDetails(), wait: wait(), next_step: z.string().nullable() }),
  run: async ({ name, namespace, force, timeout: limit }, call) => {
    const server = await findServer(call, name, namespace);
    const wished = await wish(
      server,
      { replicas: 0, force },
      { reached: true, timeoutMs: budgetMs(limit, 45, call) },
      call,
    );
    return { ...presented(wished.server), wait: wished.wait, next_step: nextStep(wished.server) };
  },
});

/** What keeps it up, and who can change that; null when nothing does. */
function nextStep(server: McpServer): string | null {
  if (desiredOf(server) === 0) return null;
  const keepers = becauseOf(server).filter(({ kind }) => kind === 'Allocation');
  return keepers.length === 0
    ? 'Its replicas are held by what because and conditions name.'
    : `It stays up for Allocation ${keepers.map(({ name }) => name).join(', ')}: release it, or use force.`;
}
