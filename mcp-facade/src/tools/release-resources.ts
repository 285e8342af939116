import type { Allocation } from '@cortex/crds';
import * as z from 'zod';
import type { Call } from '../call.ts';
import { isMissing } from '../cluster-error.ts';
import { findAllocation, idOf, objectId } from '../ids.ts';
import { durationOf, isFinished, jobOf, reservedOf, stateOf } from '../present/allocation.ts';
import { instant } from '../present/units.ts';
import { tool } from '../tool.ts';
import { budgetMs, follow, TIMED_OUT } from '../wait.ts';
import { time, timeout } from './shapes.ts';

const STATUSES = ['released', 'releasing', 'already_released'] as const;

export const releaseResources = tool({
  name: 'release_resources',
  title: 'Release resources',
  description:
    'Ends an allocation: its workers drain and are destroyed or returned, its servers fall back to what others want. Returns what it held; slots return as machines go. A repetition changes nothing.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: z.strictObject({
    allocation_id: objectId('an Allocation').describe('Name, or namespace/name'),
    timeout: timeout(45),
  }),
  output: z.object({
    status: z.enum([...STATUSES, 'failed']),
    allocation_id: z.string(),
    job_id: z.string(),
    workers_released: z.int(),
    cpu_freed: z.number(),
    memory_freed: z.int().describe('MiB'),
    released_at: time(),
    duration_seconds: z.number(),
  }),
  run: async ({ allocation_id, timeout: limit }, call) => {
    const allocation = await findAllocation(call, allocation_id);
    if (isFinished(allocation) || allocation.metadata.deletionTimestamp !== undefined)
      return presented(allocation, 'already_released', call);
    const gone = await ended(allocation, budgetMs(limit, 45, call), call);
    return presented(allocation, gone && stateOf(allocation) !== 'releasing' ? 'released' : 'releasing', call);
  },
});

/** Deletes it and waits until it is gone; an Allocation has no finalizer of ours, so only others' can make this take time. */
async function ended(allocation: Allocation, timeoutMs: number, call: Call): Promise<boolean> {
  const { namespace = '', name, uid } = allocation.metadata;
  const key = `${namespace}/${name}`;
  try {
    await call.cluster.delete('allocations', key, uid);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const answer = await follow(call, {
    kind: 'allocations',
    key,
    timeoutMs,
    until: (seen) => (seen?.metadata.uid === uid ? undefined : true),
    say: () => `waiting for ${key} to go`,
  });
  return answer !== TIMED_OUT;
}

function presented(allocation: Allocation, status: (typeof STATUSES)[number], call: Call) {
  const { cpu, memory, workers } = reservedOf(allocation);
  const now = call.now();
  return {
    status,
    allocation_id: idOf(allocation, call),
    job_id: jobOf(allocation),
    workers_released: workers,
    cpu_freed: cpu,
    memory_freed: memory,
    released_at:
      allocation.status?.finishedAt ??
      allocation.metadata.deletionTimestamp ??
      (status === 'releasing' ? null : instant(now)),
    duration_seconds: durationOf(allocation, now),
  };
}
