import * as z from 'zod';
import { findServer, namespaceName, objectName } from '../ids.ts';
import { desiredOf, serverDetails as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { budgetMs } from '../wait.ts';
import { arrived } from '../wish-waits.ts';
import { wish } from '../wishes.ts';
import { serverDetails, timeout, wait } from './shapes.ts';

export const startMcp = tool({
  name: 'start_mcp',
  title: 'Start MCP server',
  description:
    'Starts an MCP server that is stopped, with one replica, and waits until it answers; one that is not stopped is only waited for. Running out of time is no error: it goes on starting. Next: get_mcp_status.',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    name: objectName('an MCP server'),
    namespace: namespaceName().optional(),
    wait_ready: z.boolean().default(true).describe('Wait until it answers'),
    timeout: timeout(300),
  }),
  output: z.object({ ...serverDetails(), wait: wait() }),
  run: async ({ name, namespace, wait_ready, timeout: limit }, call) => {
    const server = await findServer(call, name, namespace);
    const timeoutMs = budgetMs(limit, 300, call);
    const wished =
      desiredOf(server) === 0
        ? await wish(server, { replicas: 1 }, { reached: wait_ready, timeoutMs }, call)
        : await arrived(server, desiredOf(server), wait_ready ? timeoutMs : 0, call);
    return { ...presented(wished.server), wait: wished.wait };
  },
});
