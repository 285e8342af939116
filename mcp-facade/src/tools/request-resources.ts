import type { Allocation } from '@cortex/crds';
import * as z from 'zod';
import { draftOf, predecessorOf, refuseHopeless, refuseSecond, type Wanted } from '../allocation-request.ts';
import type { Call } from '../call.ts';
import { Failure } from '../failures.ts';
import { idOf, namespaceName, objectId, objectName } from '../ids.ts';
import { createOnce, replay } from '../once.ts';
import {
  explanationOf,
  isFinished,
  isReady,
  jobOf,
  placementOf,
  reservedOf,
  serversOf,
  stateOf,
  ttlOf,
  workersOf,
} from '../present/allocation.ts';
import { tool } from '../tool.ts';
import { failureOf, isDecided } from '../verdict.ts';
import { budgetMs, follow, TIMED_OUT } from '../wait.ts';
import { known, placement, serverRow, state, time, timeout, wait } from './shapes.ts';

/** How long `when_insufficient: fail` waits for the admission verdict. */
const VERDICT_MS = 5_000;

const YEAR_S = 365 * 24 * 3600;

export const requestResources = tool({
  name: 'request_resources',
  title: 'Request resources',
  description:
    'Claims workers and MCP servers for a job, all or nothing, until its ttl ends. Returns the allocation; it is usable once active. Does not run the job: put placement into its pod template. Next: get_allocation, at the end release_resources.',
  access: 'write',
  input: z.strictObject({
    job_id: z
      .string()
      .min(1)
      .max(63)
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/, 'must be letters, digits, -, _ and . only, at most 63')
      .describe('The job; at most 63 label characters'),
    mcp_servers: z.array(objectName('an MCP server')).max(20).default([]).describe('MCP servers to run, by name'),
    workers: z.int().min(0).max(100).default(0).describe('Number of workers'),
    size: z.string().min(1).max(63).optional().describe("Worker size; default: the pool's"),
    pool: z.string().min(1).max(40).optional().describe('WorkerPool; default: the default one'),
    namespace: namespaceName().optional(),
    priority: z.enum(['low', 'normal', 'high', 'critical']).default('normal'),
    ttl_seconds: z.int().min(60).max(YEAR_S).default(3600).describe('Lifetime from ready, seconds'),
    metadata: z
      .record(z.string().max(253), z.string().max(1024))
      .refine((words) => Object.keys(words).length <= 32, 'has more than 32 entries')
      .optional()
      .describe('Your own words'),
    when_insufficient: z.enum(['fail', 'queue']).default('fail').describe('Refuse at once, or wait in the queue'),
    take_over: objectId('an Allocation').optional().describe('Allocation to extend: takes its workers, no drain'),
    idempotency_key: z.string().min(8).max(128).optional().describe('Same key, same allocation: makes a retry safe'),
    wait_ready: z.boolean().default(false).describe('Wait until usable'),
    timeout: timeout(45),
  }),
  output: z.object({
    allocation_id: z.string(),
    status: state(),
    job_id: z.string(),
    mcp_servers: z.array(serverRow()),
    workers_allocated: z.array(
      z.object({ worker_id: z.string(), endpoint: z.string().nullable(), cpu: known(), memory: known() }),
    ),
    resources: z.object({ cpu: z.number(), memory: z.int().describe('MiB'), workers: z.int() }),
    ttl_seconds: z.int(),
    created_at: time(),
    expires_at: time(),
    placement: placement(),
    wait: wait(),
    replayed: z.boolean(),
    explanation: z.string(),
  }),
  run: async (args, call) => {
    const predecessor = await predecessorOf(args, call);
    const { object, replayed } = await requested(args, predecessor, call);
    const waited = await settled(object, args, call);
    const failure = failureOf(waited.object, call);
    if (failure !== undefined) throw replayed ? failure.with({ replayed }, USE_A_NEW_KEY) : failure;
    return { ...(await presented(waited.object, call)), wait: waited.wait, replayed };
  },
});

const USE_A_NEW_KEY = 'This is what an earlier call with the same key came to: use a new key to request anew.';

/** With a key, what an earlier call made comes before every check: a repetition is not refused for want of room. */
async function requested(wanted: Wanted, predecessor: Allocation | undefined, call: Call) {
  const draft = draftOf(wanted, predecessor, call);
  const earlier = wanted.idempotency_key === undefined ? undefined : await replay(call, 'allocations', draft);
  if (earlier !== undefined) return { object: earlier, replayed: true };
  if (wanted.idempotency_key === undefined && predecessor === undefined) await refuseSecond(wanted, call);
  await refuseHopeless(wanted, call);
  return await createOnce(call, 'allocations', draft);
}

interface Settled {
  readonly object: Allocation;
  readonly wait: z.output<ReturnType<typeof wait>>;
}

interface Patience {
  readonly wait_ready: boolean;
  readonly when_insufficient: 'fail' | 'queue';
  readonly timeout?: number | undefined;
}

/** Waits for what the caller asked to wait for: to be usable, for the verdict, or for nothing. */
async function settled(object: Allocation, patience: Patience, call: Call): Promise<Settled> {
  const { wait_ready, when_insufficient, timeout: limit } = patience;
  if (!wait_ready && when_insufficient === 'queue') return { object, wait: null };
  const isOver = (seen: Allocation): boolean => (wait_ready ? isReady(seen) || isFinished(seen) : isDecided(seen));
  let latest = object;
  const answer = await follow<'allocations', 'over' | 'gone'>(call, {
    kind: 'allocations',
    key: `${object.metadata.namespace ?? ''}/${object.metadata.name}`,
    timeoutMs: wait_ready ? budgetMs(limit, 45, call) : VERDICT_MS,
    until: (seen) => {
      if (seen?.metadata.uid !== object.metadata.uid) return 'gone';
      latest = seen;
      return isOver(seen) ? 'over' : undefined;
    },
    say: (seen) => (seen === undefined ? 'gone' : explanationOf(seen)),
  });
  if (answer === 'gone') throw releasedMeanwhile(latest, call);
  if (answer === TIMED_OUT)
    return { object: latest, wait: { outcome: 'timed_out', message: `It goes on: ${explanationOf(latest)}` } };
  return { object: latest, wait: wait_ready ? { outcome: 'ready', message: explanationOf(latest) } : null };
}

const releasedMeanwhile = (allocation: Allocation, call: Call): Failure =>
  new Failure('not_found', `Allocation ${idOf(allocation, call)} was released while this call waited for it`, {
    nextStep: 'Request anew if the job still needs it.',
    data: { allocation_id: idOf(allocation, call) },
  });

async function presented(allocation: Allocation, call: Call) {
  return {
    allocation_id: idOf(allocation, call),
    status: stateOf(allocation),
    job_id: jobOf(allocation),
    mcp_servers: serversOf(allocation, await call.cluster.list('servers')),
    workers_allocated: workersOf(allocation).map(({ worker_id, endpoint, cpu, memory }) => ({
      worker_id,
      endpoint,
      cpu,
      memory,
    })),
    resources: reservedOf(allocation),
    ttl_seconds: ttlOf(allocation),
    created_at: allocation.metadata.creationTimestamp,
    expires_at: allocation.status?.expiresAt ?? null,
    placement: placementOf(allocation),
    explanation: explanationOf(allocation),
  };
}
