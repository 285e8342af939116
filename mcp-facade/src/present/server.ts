import type { McpServer } from '@cortex/crds';
import { conditionRows } from './conditions.ts';
import { clean } from './text.ts';

const STATUSES = ['running', 'stopped', 'scaling', 'pending'] as const;
type ServerStatus = (typeof STATUSES)[number];
export { STATUSES as SERVER_STATUSES };

/** Replicas it shall have; before the operator has looked at it, none. */
export const desiredOf = ({ status }: McpServer): number => status?.desired ?? 0;

const statusOf = ({ status }: McpServer): ServerStatus => (status?.phase?.toLowerCase() ?? 'pending') as ServerStatus;

/** A server in a list. */
export const serverLine = (server: McpServer) => ({
  name: server.metadata.name,
  namespace: server.metadata.namespace ?? '',
  status: statusOf(server),
  replicas: desiredOf(server),
  ready_replicas: server.status?.ready ?? 0,
  endpoints: (server.status?.endpoints ?? []).map((endpoint) => clean(endpoint, 512)),
});

/** Whose wishes its replicas are. */
export const becauseOf = ({ status }: McpServer) =>
  (status?.effective?.because ?? []).map(({ kind, name, wants }) => ({
    kind: clean(kind, 63),
    name: clean(name, 253),
    wants,
  }));

/** A server by itself. */
export const serverDetails = (server: McpServer) => ({
  ...serverLine(server),
  available_replicas: server.status?.available ?? 0,
  updated_replicas: server.status?.updated ?? 0,
  last_activity: server.status?.lastActivityTime ?? null,
  conditions: conditionRows(server.status?.conditions),
  because: becauseOf(server),
});
