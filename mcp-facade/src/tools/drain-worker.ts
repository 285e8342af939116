import type { NodeDrain } from '@cortex/crds';
import * as z from 'zod';
import type { Call } from '../call.ts';
import { confirmed, type Plan } from '../confirm.ts';
import { drainOf, drainOnce, isBegun, isDrained } from '../drains.ts';
import { Failure } from '../failures.ts';
import { clean } from '../present/text.ts';
import { remaining, type Worker } from '../present/worker.ts';
import { tool } from '../tool.ts';
import { follow } from '../wait.ts';
import { findWorker } from '../workers.ts';
import { confirmToken, workerId } from './shapes.ts';

/** How long the call waits for the operator to begin. */
const BEGIN_MS = 5_000;

export const drainWorker = tool({
  name: 'drain_worker',
  title: 'Drain worker',
  description:
    'Lets no new pods onto a worker and evicts those on it, within their disruption budgets. Returns once it has begun; a repetition returns how far it is. Destroys nothing. Next: get_worker_details until drained, then destroy_worker.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: z.strictObject({
    worker_id: workerId(),
    timeout: z.int().min(1).max(600).default(600).describe('Deadline of the drain, seconds'),
    confirm_token: confirmToken(),
  }),
  output: z.object({
    worker_id: z.string(),
    status: z.enum(['draining', 'drained']),
    message: z.string(),
    output: z.object({ evicted: z.int(), ignored: z.int(), blocked: z.int() }),
    pods_remaining: z.int(),
  }),
  run: async (args, call) => {
    const { worker_id, timeout } = args;
    const worker = await findWorker(call, worker_id);
    const { name, node } = worker;
    if (node === undefined)
      throw new Failure('invalid', `Worker ${name} has no Node yet: there is nothing to drain`, {
        nextStep: 'Wait until it is ready, or destroy it as it is.',
        data: { worker_id: name },
      });
    const begunBefore = await drainOf(node, call);
    if (begunBefore !== undefined) return presented(name, begunBefore);
    if (worker.usage?.pods !== 0) confirmed(planOf(worker, node, args), call);
    const reason = `drain_worker, asked for by ${call.caller.principal}`.slice(0, 1024);
    const drain = await drainOnce({ node, timeoutMs: timeout * 1000, onDeadline: 'Hold', reason }, call);
    return presented(name, await begun(drain, call));
  },
});

/** Whose pods move; their number is what was last counted, and may not be known. */
function planOf({ name, burst, usage }: Worker, node: string, args: Record<string, unknown>): Plan {
  const claim = burst?.spec.claimRef;
  const facts = {
    worker_id: name,
    pods: usage?.pods ?? null,
    claimed_by: claim === undefined ? null : `${claim.namespace}/${claim.name}`,
  };
  const whose = facts.claimed_by === null ? '' : `, and with them the work of Allocation ${facts.claimed_by}`;
  const effect = `Node ${node} takes no new pods, and ${facts.pods ?? 'all'} pods on it are evicted${whose}`;
  return { tool: 'drain_worker', args, uid: burst?.metadata.uid ?? node, facts, effect };
}

async function begun(drain: NodeDrain, call: Call): Promise<NodeDrain> {
  let latest = drain;
  await follow<'drains', true>(call, {
    kind: 'drains',
    key: drain.metadata.name,
    timeoutMs: BEGIN_MS,
    until: (seen) => {
      latest = seen ?? latest;
      return seen === undefined || isBegun(seen) || isDrained(seen) ? true : undefined;
    },
    say: () => 'waiting for the operator to begin',
  });
  return latest;
}

function presented(worker_id: string, drain: NodeDrain) {
  const { pods } = drain.status?.drain ?? {};
  return {
    worker_id,
    status: isDrained(drain) ? ('drained' as const) : ('draining' as const),
    message: `${sentence(drain)}. To undo it: kubectl delete nodedrain ${drain.metadata.name}`,
    output: { evicted: pods?.evicted ?? 0, ignored: pods?.ignored ?? 0, blocked: pods?.blocked ?? 0 },
    pods_remaining: isDrained(drain) ? 0 : remaining(drain.status?.drain),
  };
}

function sentence(drain: NodeDrain): string {
  if (isDrained(drain)) return 'Worker drained';
  const said = drain.status?.conditions?.find(({ type }) => type === 'Drained');
  if (said !== undefined) return clean(`${said.reason}: ${said.message}`, 300);
  return isBegun(drain)
    ? 'Worker drain initiated successfully'
    : 'The drain is requested; the operator has not begun yet';
}
