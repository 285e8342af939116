import * as z from 'zod';
import { page } from '../cursor.ts';
import { namespaceName } from '../ids.ts';
import { selects } from '../label-selector.ts';
import { serverLine as presented } from '../present/server.ts';
import { tool } from '../tool.ts';
import { cursor, limit, nextCursor, serverLine } from './shapes.ts';

export const listMcpServers = tool({
  name: 'list_mcp_servers',
  title: 'List MCP servers',
  description:
    'Lists MCP servers with status, replicas and endpoints, of all namespaces unless one is named. Changes nothing. Next: get_mcp_status for one, or start_mcp.',
  access: 'read',
  input: z.strictObject({
    namespace: namespaceName().optional(),
    label_selector: z.string().max(1024).optional().describe('As kubectl takes it, such as app=web'),
    limit: limit(),
    cursor: cursor(),
  }),
  output: z.object({ items: z.array(z.object(serverLine())), next_cursor: nextCursor() }),
  run: async (args, call) => {
    const { namespace, label_selector = '' } = args;
    const selected = selects(label_selector);
    const wanted = (await call.cluster.list('servers')).filter(
      ({ metadata }) =>
        (namespace === undefined || metadata.namespace === namespace) && selected(metadata.labels ?? {}),
    );
    const { items, next_cursor } = page(wanted, ({ metadata }) => `${metadata.namespace}/${metadata.name}`, args);
    return { items: items.map(presented), next_cursor };
  },
});
