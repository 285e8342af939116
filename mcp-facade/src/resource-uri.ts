const SCHEME = 'cortex://';

/** What can be read by address, and by which tool a caller would read the same. */
export const RESOURCES = {
  allocations: { kind: 'allocations', tool: 'get_allocation', title: 'Allocation', template: '{namespace}/{name}' },
  workers: { kind: 'workers', tool: 'get_worker_details', title: 'Worker', template: '{name}' },
  servers: { kind: 'servers', tool: 'get_mcp_status', title: 'MCP server', template: '{namespace}/{name}' },
} as const;

type Family = keyof typeof RESOURCES;

export const FAMILIES = Object.keys(RESOURCES) as readonly Family[];
export const CAPACITY = `${SCHEME}capacity`;

export const uriOf = (family: Family, key: string): string => `${SCHEME}${family}/${key}`;
export const templateOf = (family: Family): string => uriOf(family, RESOURCES[family].template);

export interface Read {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The call that reads this address; undefined: it is none of ours. */
export function readOf(uri: string): Read | undefined {
  if (uri === CAPACITY) return { tool: 'get_capacity', args: {} };
  const [family = '', ...parts] = uri.startsWith(SCHEME) ? uri.slice(SCHEME.length).split('/') : [];
  const [first = '', second] = parts;
  switch (family) {
    case 'allocations':
      return parts.length === 2 ? { tool: 'get_allocation', args: { allocation_id: parts.join('/') } } : undefined;
    case 'workers':
      return parts.length === 1 ? { tool: 'get_worker_details', args: { worker_id: first } } : undefined;
    case 'servers':
      return parts.length === 2 ? { tool: 'get_mcp_status', args: { namespace: first, name: second } } : undefined;
    default:
      return undefined;
  }
}
