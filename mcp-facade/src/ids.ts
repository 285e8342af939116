import type { Allocation, McpServer } from '@cortex/crds';
import * as z from 'zod';
import type { Call } from './call.ts';
import { isMissing } from './cluster-error.ts';
import { Failure } from './failures.ts';
import type { KindName, Objects } from './kinds.ts';
import { meant } from './near.ts';

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const NAME = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';

/** A namespace. */
export const namespaceName = () =>
  z
    .string()
    .max(63)
    .regex(new RegExp(`^${LABEL}$`), 'is not the name of a namespace');

/** The name of an object, or `namespace/name`. */
export const objectId = (what: string) =>
  z
    .string()
    .max(317)
    .regex(new RegExp(`^(?:${LABEL}/)?${NAME}$`), `is not the id of ${what}: use name or namespace/name`);

/** The name of an object. */
export const objectName = (what: string) =>
  z
    .string()
    .max(253)
    .regex(new RegExp(`^${NAME}$`), `is not the name of ${what}`);

/** How a caller names an object of a namespace: the namespace that receives creates needs not be said. */
export const idOf = ({ metadata }: { metadata: { name: string; namespace?: string } }, call: Call): string =>
  metadata.namespace === undefined || metadata.namespace === call.namespace
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;

type Namespaced = 'allocations' | 'servers';

/**
 * The key of an object: a bare name means the namespace that receives creates, else the only one that has it.
 * Throws `invalid` where several others do.
 */
async function keyOf(call: Call, kind: Namespaced, id: string): Promise<string> {
  if (id.includes('/')) return id;
  const bearers = await call.cluster.find(kind, 'name', id);
  const here = bearers.find(({ metadata }) => metadata.namespace === call.namespace);
  const others = bearers.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted();
  const [only = `${call.namespace}/${id}`] = others;
  if (here !== undefined) return `${call.namespace}/${id}`;
  if (others.length <= 1) return only;
  throw new Failure('invalid', `${id} is the name of ${others.length} objects: ${others.slice(0, 5).join(', ')}`, {
    nextStep: 'Repeat the call with one of these as namespace/name.',
    data: { candidates: others.slice(0, 5) },
  });
}

/** The object as the API server has it now; undefined where there is none. */
export async function live<K extends KindName>(call: Call, kind: K, key: string): Promise<Objects[K] | undefined> {
  try {
    return await call.cluster.get(kind, key);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The McpServer of this name, as the API server has it now; throws not_found with near names. */
export async function findServer(call: Call, name: string, namespace: string | undefined): Promise<McpServer> {
  const key = namespace === undefined ? await keyOf(call, 'servers', name) : `${namespace}/${name}`;
  const found = await live(call, 'servers', key);
  if (found !== undefined) return found;
  const names = (await call.cluster.list('servers')).map(({ metadata }) => metadata.name);
  throw new Failure('not_found', `MCP server '${name}' not found in namespace '${key.split('/')[0] ?? ''}'`, {
    nextStep: 'Call list_mcp_servers to see what exists.',
    data: meant(name, names),
  });
}

/** The Allocation of this id, as the API server has it now; throws not_found with near names. */
export async function findAllocation(call: Call, id: string): Promise<Allocation> {
  const found = await live(call, 'allocations', await keyOf(call, 'allocations', id));
  if (found !== undefined) return found;
  const names = (await call.cluster.list('allocations')).map((each) => idOf(each, call));
  throw new Failure('not_found', `Allocation ${id} not found`, {
    nextStep: 'It may have been released and collected. Call list_allocations to see what exists.',
    data: { allocation_id: id, ...meant(id, names) },
  });
}
