import type { McpServer } from '@cortex/crds';
import * as z from 'zod';
import { confirmed, type Plan } from '../confirm.ts';
import { findServer, namespaceName, objectName } from '../ids.ts';
import { becauseOf, desiredOf, serverDetails as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { budgetMs } from '../wait.ts';
import { wish } from '../wishes.ts';
import { confirmToken, serverDetails, timeout, wait } from './shapes.ts';

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
    confirm_token: confirmToken(),
  }),
  output: z.object({ ...serverDetails(), wait: wait(), next_step: z.string().nullable() }),
  needs: ({ force }) => (force ? 'destroy' : 'write'),
  run: async (args, call) => {
    const { name, namespace, force, timeout: limit } = args;
    const server = await findServer(call, name, namespace);
    if (force) confirmed(planOf(server, args), call);
    const waiting = { reached: true, timeoutMs: budgetMs(limit, 45, call) };
    const wished = await wish(server, { replicas: 0, force }, waiting, call);
    return { ...presented(wished.server), wait: wished.wait, next_step: nextStep(wished.server) };
  },
});

/** What is stopped under whom. */
function planOf(server: McpServer, args: Record<string, unknown>): Plan {
  const facts = { replicas: desiredOf(server), because: becauseOf(server) };
  const { namespace = '', name, uid } = server.metadata;
  const needing = facts.because.filter(({ kind }) => kind === 'Allocation').map((each) => each.name);
  const whom = needing.length === 0 ? 'no Allocation needs it' : `although Allocation ${needing.join(', ')} needs it`;
  const effect = `MCP server ${namespace}/${name} stops at once with all ${facts.replicas} replicas, without time to end, ${whom}`;
  return { tool: 'stop_mcp', args, uid, facts, effect };
}

/** What keeps it up, and who can change that; null when nothing does. */
function nextStep(server: McpServer): string | null {
  if (desiredOf(server) === 0) return null;
  const keepers = becauseOf(server).filter(({ kind }) => kind === 'Allocation');
  return keepers.length === 0
    ? 'Its replicas are held by what because and conditions name.'
    : `It stays up for Allocation ${keepers.map(({ name }) => name).join(', ')}: release it, or use force.`;
}
