import type { BurstWorker } from '@cortex/crds';
import * as z from 'zod';
import type { Call } from '../call.ts';
import { isMissing } from '../cluster-error.ts';
import { confirmed, type Plan } from '../confirm.ts';
import { drainOnce } from '../drains.ts';
import { Failure } from '../failures.ts';
import { clean } from '../present/text.ts';
import { holds, type Worker } from '../present/worker.ts';
import { tool } from '../tool.ts';
import { budgetMs, follow, TIMED_OUT } from '../wait.ts';
import { findWorker } from '../workers.ts';
import { confirmToken, timeout, workerId } from './shapes.ts';

const FORCED_DRAIN_MS = 30_000;

export const destroyWorker = tool({
  name: 'destroy_worker',
  title: 'Destroy worker',
  description:
    'Destroys the machine of a drained burst worker and removes its Node; waits until both are gone. Permanent workers cannot be destroyed. force drains for 30 s and deletes what is left; identity checks always hold.',
  access: 'destroy',
  destructive: true,
  idempotent: true,
  input: z.strictObject({
    worker_id: workerId(),
    force: z.boolean().default(false).describe('Although it is not drained'),
    timeout: timeout(45),
    confirm_token: confirmToken(),
  }),
  output: z.object({
    worker_id: z.string(),
    status: z.enum(['destroyed', 'destroying', 'partial_destroy']),
    removed_from_cluster: z.boolean(),
    vm_deleted: z.boolean(),
    message: z.string(),
  }),
  run: async (args, call) => {
    const { worker_id, force, timeout: limit } = args;
    const worker = await findWorker(call, worker_id);
    const burst = destroyable(worker, force);
    if (burst.metadata.deletionTimestamp === undefined) confirmed(planOf(burst, args), call);
    if (force && worker.node !== undefined && !worker.drained) await drainByForce(worker.node, call);
    return await destroyed(burst, budgetMs(limit, 45, call), call);
  },
});

/** What there is to delete; throws for what is not to be destroyed, in the order in which nothing else matters. */
function destroyable({ name, burst, drained, node }: Worker, force: boolean): BurstWorker {
  const data = { worker_id: name };
  if (burst === undefined)
    throw new Failure(
      'forbidden',
      `SAFETY VIOLATION: Cannot destroy permanent worker ${name}. Only burst workers can be destroyed.`,
      { nextStep: 'Choose a burst worker: list_workers with type_filter burst shows them.', data },
    );
  if (burst.spec.deletionProtection)
    throw new Failure('forbidden', `Worker ${name} is protected by spec.deletionProtection`, {
      nextStep: 'Whoever protects it has to set spec.deletionProtection to false first.',
      data,
    });
  const isGoing = burst.metadata.deletionTimestamp !== undefined;
  if (!drained && node !== undefined && !force && !isGoing)
    throw new Failure(
      'invalid',
      `Worker ${name} is not drained. Run drain_worker first or use force=True (not recommended)`,
      { nextStep: `Call drain_worker with worker_id ${name}, then get_worker_details until drained is true.`, data },
    );
  return burst;
}

/** What goes, and what of it somebody uses. */
function planOf({ metadata, spec, status }: BurstWorker, args: Record<string, unknown>): Plan {
  const claim = spec.claimRef;
  const facts = {
    phase: status?.phase ?? 'Requested',
    claimed_by: claim === undefined ? null : `${claim.namespace}/${claim.name}`,
    pods: status?.usage?.pods ?? null,
    drained: status?.conditions?.some(({ type, status: is }) => type === 'Drained' && is === 'True') ?? false,
  };
  const whose = facts.claimed_by === null ? '' : `, which Allocation ${facts.claimed_by} uses,`;
  const how = facts.drained ? 'It is drained' : 'It is not drained: pods on it have 30 s';
  const effect = `The machine of worker ${metadata.name}${whose} is destroyed and its Node removed. ${how}`;
  return { tool: 'destroy_worker', args, uid: metadata.uid, facts, effect };
}

const drainByForce = async (node: string, call: Call): Promise<unknown> =>
  await drainOnce(
    { node, timeoutMs: FORCED_DRAIN_MS, onDeadline: 'ForceDelete', reason: 'destroy_worker with force' },
    call,
  );

async function destroyed(burst: BurstWorker, timeoutMs: number, call: Call) {
  const { name, uid } = burst.metadata;
  try {
    await call.cluster.delete('workers', name, uid);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  let latest = burst;
  const answer = await follow<'workers', true>(call, {
    kind: 'workers',
    key: name,
    timeoutMs,
    until: (seen) => {
      if (seen?.metadata.uid !== uid) return true;
      latest = seen;
      return undefined;
    },
    say: (seen) => (seen === undefined ? 'gone' : wordsOf(seen)),
  });
  return answer === TIMED_OUT ? unfinished(latest) : finished(name);
}

const finished = (name: string) => ({
  worker_id: name,
  status: 'destroyed' as const,
  removed_from_cluster: true,
  vm_deleted: true,
  message: `Worker ${name} destroyed`,
});

/** Still there when the wait was over: on its way, or with only one of machine and Node gone. */
function unfinished(worker: BurstWorker) {
  const { name } = worker.metadata;
  const vm_deleted = holds(worker, 'VmGone');
  const removed_from_cluster = worker.status?.conditions?.some(({ reason }) => reason === 'NodeGone') ?? false;
  const isPartial = vm_deleted !== removed_from_cluster;
  const message = `Worker ${name} is being destroyed; it goes on. ${wordsOf(worker)}`;
  return {
    worker_id: name,
    status: isPartial ? ('partial_destroy' as const) : ('destroying' as const),
    removed_from_cluster,
    vm_deleted,
    message,
    ...(isPartial ? { error: message } : {}),
  };
}

const wordsOf = ({ status }: BurstWorker): string => {
  const said = status?.conditions?.find(({ type, status: is }) => type === 'Ready' && is === 'False');
  return clean(said === undefined ? (status?.phase ?? 'Requested') : `${said.reason}: ${said.message}`, 300);
};
