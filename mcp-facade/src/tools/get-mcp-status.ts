import * as z from 'zod';
import { findServer, namespaceName, objectName } from '../ids.ts';
import { serverDetails as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { serverDetails } from './shapes.ts';

export const getMcpStatus = tool({
  name: 'get_mcp_status',
  title: 'Get MCP server status',
  description:
    'Shows one MCP server: replicas, endpoints, conditions, and in because whose wishes its replicas are. Changes nothing. Next: start_mcp, scale_mcp or stop_mcp.',
  access: 'read',
  input: z.strictObject({ name: objectName('an MCP server'), namespace: namespaceName().optional() }),
  output: z.object(serverDetails()),
  run: async ({ name, namespace }, call) => presented(await findServer(call, name, namespace)),
});
