import type { Allocation } from '@cortex/crds';
import * as z from 'zod';
import type { Call } from '../call.ts';
import { isMissing } from '../cluster-error.ts';
import { confirmed, type Plan } from '../confirm.ts';
import { requestedBy } from '../identity.ts';
import { findAllocation, idOf, objectId } from '../ids.ts';
import { durationOf, isFinished, jobOf, reservedOf, stateOf } from '../present/allocation.ts';
import { instant } from '../present/units.ts';
import { tool } from '../tool.ts';
import { budgetMs, follow, TIMED_OUT } from '../wait.ts';
import { confirmToken, time, timeout } from './shapes.ts';

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
    confirm_token: confirmToken(),
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
  run: async (args, call) => {
    const { allocation_id, timeout: limit } = args;
    const allocation = await findAllocation(call, allocation_id);
    if (isFinished(allocation) || allocation.metadata.deletionTimestamp !== undefined)
      return presented(allocation, 'already_released', call);
    if (requestedBy(allocation) !== call.caller.principal) confirmed(planOf(allocation, args), call);
    const gone = await ended(allocation, budgetMs(limit, 45, call), call);
    return presented(allocation, gone && stateOf(allocation) !== 'releasing' ? 'released' : 'releasing', call);
  },
});

/** What somebody else's job would lose. */
function planOf(allocation: Allocation, args: Record<string, unknown>): Plan {
  const facts = {
    job_id: jobOf(allocation),
    state: stateOf(allocation),
    workers: reservedOf(allocation).workers,
    requested_by: requestedBy(allocation) ?? 'somebody outside of this facade',
  };
  const { namespace = '', name, uid } = allocation.metadata;
  const effect = `Allocation ${namespace}/${name} of job ${facts.job_id}, requested by ${facts.requested_by}, ends, and its ${facts.workers} workers with it`;
  return { tool: 'release_resources', args, uid, facts, effect };
}

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
