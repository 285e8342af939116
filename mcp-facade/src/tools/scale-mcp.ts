import * as z from 'zod';
import { findServer, namespaceName, objectName } from '../ids.ts';
import { serverDetails as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { budgetMs } from '../wait.ts';
import { wish } from '../wishes.ts';
import { serverDetails, timeout, wait } from './shapes.ts';

const BOUNDS = {
  error: ({ input }: { readonly input?: unknown }): string =>
    typeof input === 'number' && Number.isInteger(input)
      ? `Replicas must be between 0 and 10, got: ${input}`
      : 'Replicas must be an integer',
};

export const scaleMcp = tool({
  name: 'scale_mcp',
  title: 'Scale MCP server',
  description:
    'Wishes a number of replicas for an MCP server. The newest wish counts, raised to what allocations need and cut to the bounds of the server; wait says when that changed it. Next: get_mcp_status.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: z.strictObject({
    name: objectName('an MCP server'),
    replicas: z.int(BOUNDS).min(0, BOUNDS).max(10, BOUNDS),
    namespace: namespaceName().optional(),
    wait_ready: z.boolean().default(false).describe('Wait until so many are ready'),
    timeout: timeout(300),
  }),
  output: z.object({ ...serverDetails(), wait: wait() }),
  run: async ({ name, replicas, namespace, wait_ready, timeout: limit }, call) => {
    const server = await findServer(call, name, namespace);
    const waiting = { reached: wait_ready, timeoutMs: budgetMs(limit, 300, call) };
    const wished = await wish(server, { replicas }, waiting, call);
    return { ...presented(wished.server), wait: wished.wait };
  },
});
