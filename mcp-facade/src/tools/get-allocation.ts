import * as z from 'zod';
import { findAllocation, idOf, objectId } from '../ids.ts';
import {
  ageOf,
  explanationOf,
  isExpired,
  jobOf,
  placementOf,
  reservedOf,
  serversOf,
  stateOf,
  ttlOf,
  workersOf,
} from '../present/allocation.ts';
import { conditionRows } from '../present/conditions.ts';
import { cleanMap } from '../present/text.ts';
import { tool } from '../tool.ts';
import { conditions, known, placement, serverRow, state, time } from './shapes.ts';

export const getAllocation = tool({
  name: 'get_allocation',
  title: 'Get allocation',
  description:
    'Shows one allocation: state, workers, servers, times, and in explanation what it waits for. Changes nothing. Next, once active: give placement to the job; at the end release_resources.',
  access: 'read',
  input: z.strictObject({ allocation_id: objectId('an Allocation').describe('Name, or namespace/name') }),
  output: z.object({
    allocation_id: z.string(),
    job_id: z.string(),
    state: state(),
    priority: z.string(),
    resources: z.object({ cpu_allocated: z.number(), memory_allocated: z.int().describe('MiB'), workers: z.int() }),
    mcp_servers: z.array(serverRow()),
    workers: z.array(
      z.object({
        worker_id: z.string(),
        endpoint: z.string().nullable(),
        status: z.string(),
        cpu: known(),
        memory: known(),
      }),
    ),
    timestamps: z.object({
      created_at: time(),
      activated_at: time(),
      released_at: time(),
      age_seconds: z.int(),
    }),
    ttl_seconds: z.int(),
    expires_at: time(),
    is_expired: z.boolean(),
    metadata: z.record(z.string(), z.string()),
    conditions: conditions(),
    placement: placement(),
    explanation: z.string(),
  }),
  run: async ({ allocation_id }, call) => {
    const allocation = await findAllocation(call, allocation_id);
    const { spec, status, metadata } = allocation;
    const now = call.now();
    const { cpu, memory, workers } = reservedOf(allocation);
    return {
      allocation_id: idOf(allocation, call),
      job_id: jobOf(allocation),
      state: stateOf(allocation),
      priority: spec.priority.toLowerCase(),
      resources: { cpu_allocated: cpu, memory_allocated: memory, workers },
      mcp_servers: serversOf(allocation, await call.cluster.list('servers')),
      workers: workersOf(allocation),
      timestamps: {
        created_at: metadata.creationTimestamp,
        activated_at: status?.readyAt ?? null,
        released_at: status?.finishedAt ?? null,
        age_seconds: ageOf(allocation, now),
      },
      ttl_seconds: ttlOf(allocation),
      expires_at: status?.expiresAt ?? null,
      is_expired: isExpired(allocation, now),
      metadata: cleanMap(spec.metadata),
      conditions: conditionRows(status?.conditions),
      placement: placementOf(allocation),
      explanation: explanationOf(allocation),
    };
  },
});
