import { age, number, text, wide } from './columns.ts';
import { type CustomResource, type KindSource, nameAtMost } from './kind.ts';
import { McpServerSpec } from './mcp-server-spec.ts';
import { McpServerStatus } from './mcp-server-status.ts';

export type McpServer = CustomResource<'McpServer', McpServerSpec, McpServerStatus>;

export const mcpServerKind: KindSource = {
  kind: 'McpServer',
  plural: 'mcpservers',
  scope: 'Namespaced',
  shortNames: ['mcp'],
  description: 'One MCP server workload: its bounds, its idle rule, and what is known of it.',
  spec: McpServerSpec,
  status: McpServerStatus,
  conditions: ['Ready', 'Adopted', 'ScaleConflict', 'Idle', 'Stalled'],
  rules: [nameAtMost(63, 'Allocations and wishes name it')],
  columns: [
    text('Phase', '.status.phase', 'Where it stands'),
    number('Desired', '.status.desired', 'Replicas it shall have'),
    number('Ready', '.status.ready', 'Replicas that are ready'),
    text('Workload', '.spec.workloadRef.name', 'The workload'),
    age,
    wide(text('Server', '.status.serverInfo.name', 'What it calls itself')),
  ],
};
