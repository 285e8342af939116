import type { Allocation, McpServer } from '@cortex/crds';
import { formatDuration } from '@cortex/crds';
import type { Call } from './call.ts';
import { Failure } from './failures.ts';
import { findAllocation, idOf } from './ids.ts';
import { requestedBy, SPEC_HASH, stamps } from './identity.ts';
import type { Draft } from './kinds.ts';
import { requestName } from './names.ts';
import { meant } from './near.ts';
import { hashOf } from './once.ts';
import { findPool, requireSlots, sizeOf } from './pools.ts';
import { isFinished, stateOf } from './present/allocation.ts';

/** What is asked for, by the names of the tool's arguments. */
export interface Wanted {
  readonly job_id: string;
  readonly mcp_servers: readonly string[];
  readonly workers: number;
  readonly size?: string | undefined;
  readonly pool?: string | undefined;
  readonly namespace?: string | undefined;
  readonly priority: 'low' | 'normal' | 'high' | 'critical';
  readonly ttl_seconds: number;
  readonly metadata?: Record<string, string> | undefined;
  readonly when_insufficient: 'fail' | 'queue';
  readonly take_over?: string | undefined;
  readonly idempotency_key?: string | undefined;
}

const TOOL = 'request_resources';
const DAY_MS = 24 * 3600 * 1000;
/** Kept so long after its end, for late repetitions of the call and for people who look. */
const KEPT = '1h';
const PRIORITY = { low: 'Low', normal: 'Normal', high: 'High', critical: 'Critical' } as const;

/** The Allocation that this request is. */
export function draftOf(wanted: Wanted, predecessor: Allocation | undefined, call: Call): Draft<'allocations'> {
  const { principal } = call.caller;
  const namespace = namespaceOf(wanted, call);
  const spec = specOf(wanted, predecessor);
  return {
    metadata: {
      name: requestName('alloc-', { principal, tool: TOOL, key: wanted.idempotency_key }),
      namespace,
      annotations: { ...stamps(call), [SPEC_HASH]: hashOf({ namespace, spec }) },
    },
    spec,
  };
}

export const namespaceOf = ({ namespace }: Wanted, call: Call): string => namespace ?? call.namespace;

function specOf(wanted: Wanted, predecessor: Allocation | undefined): Draft<'allocations'>['spec'] {
  const { workers: count, size, pool, metadata } = wanted;
  const ttlMs = wanted.ttl_seconds * 1000;
  return {
    jobId: wanted.job_id,
    mcpServers: [...wanted.mcp_servers],
    ...(count === 0
      ? {}
      : { workers: { count, ...(size === undefined ? {} : { size }), ...(pool === undefined ? {} : { pool }) } }),
    priority: PRIORITY[wanted.priority],
    ttl: formatDuration(ttlMs),
    ...(ttlMs > DAY_MS ? { maxLifetime: formatDuration(ttlMs) } : {}),
    whenInsufficient: wanted.when_insufficient === 'fail' ? 'Fail' : 'Queue',
    ttlAfterFinished: KEPT,
    ...(predecessor === undefined ? {} : { takesOver: predecessor.metadata.name }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The Allocation whose workers and servers this one is to take; undefined where none is named. */
export async function predecessorOf(wanted: Wanted, call: Call): Promise<Allocation | undefined> {
  if (wanted.take_over === undefined) return undefined;
  const found = await findAllocation(call, wanted.take_over);
  if (found.metadata.namespace !== namespaceOf(wanted, call))
    throw new Failure('invalid', `Allocation ${wanted.take_over} is in namespace ${found.metadata.namespace ?? ''}`, {
      nextStep: 'Name that namespace in this request: a hand-over stays within one namespace.',
    });
  if (requestedBy(found) !== call.caller.principal)
    throw new Failure('forbidden', `Allocation ${wanted.take_over} was requested by somebody else`, {
      nextStep: 'Only whoever requested an Allocation hands it over; request one without take_over.',
    });
  return found;
}

/** What the operator would refuse anyway, said before anything is written; the operator looks again. */
export async function refuseHopeless(wanted: Wanted, call: Call): Promise<void> {
  if (wanted.mcp_servers.length > 0)
    requireServers(wanted.mcp_servers, namespaceOf(wanted, call), await call.cluster.list('servers'));
  if (wanted.workers === 0) return;
  const pool = await findPool(wanted.pool, call);
  sizeOf(pool, wanted.size);
  if (wanted.when_insufficient === 'fail' && wanted.take_over === undefined) requireSlots(pool, wanted.workers);
}

function requireServers(names: readonly string[], namespace: string, servers: readonly McpServer[]): void {
  const there = servers.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name);
  const missing = names.find((name) => !there.includes(name));
  if (missing === undefined) return;
  throw new Failure('not_found', `MCP server '${missing}' not found in namespace '${namespace}'`, {
    nextStep: 'Call list_mcp_servers to see what exists; the servers of a job are in the namespace of its Allocation.',
    data: meant(missing, there),
  });
}

/** Without a key a client's repetition would be a second job: one live Allocation for each job and principal, as best effort. */
export async function refuseSecond(wanted: Wanted, call: Call): Promise<void> {
  const namespace = namespaceOf(wanted, call);
  const first = (await call.cluster.find('allocations', 'job', wanted.job_id)).find(
    (each) =>
      each.metadata.namespace === namespace &&
      each.metadata.deletionTimestamp === undefined &&
      requestedBy(each) === call.caller.principal &&
      !isFinished(each),
  );
  if (first === undefined) return;
  const id = idOf(first, call);
  throw new Failure('idempotency_conflict', `Job ${wanted.job_id} already has Allocation ${id} (${stateOf(first)})`, {
    nextStep: `Use it (get_allocation), release it, extend it with take_over: ${id}, or pass an idempotency_key of your own for a second one.`,
    data: { allocation_id: id },
  });
}
