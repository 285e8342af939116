import type { BurstWorkerStatus } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Claim, isTrue, timestamp, withConditions } from '../conditions.ts';
import type { Departure, Seen } from './seen.ts';

const REASON = {
  Deleted: { reason: 'ReleasedByUser', message: 'It was deleted' },
  Released: { reason: 'Released', message: 'The Allocation that claimed it has ended' },
  Expired: { reason: 'TtlExpired', message: 'Its ttl has ended' },
  PoolDeleted: { reason: 'PoolDeleted', message: 'Its WorkerPool is being deleted' },
} as const;

/** What a worker says on its way down: the start, what is in the way, the end of the drain; after that its absence speaks. */
export function departing(seen: Seen, departure: Departure, now: Date): BurstWorkerStatus | undefined {
  const { worker, node } = seen;
  if (seen.checkpoint === undefined || (node === undefined && worker.status?.drain === undefined)) return undefined;
  if (isTrue(worker.status?.conditions, 'Drained')) return undefined;
  return {
    ...worker.status,
    phase: 'Draining',
    drain: drainBlock(seen, now),
    conditions: withConditions(worker.status?.conditions, claims(seen, departure), worker.metadata.generation, now),
  };
}

function drainBlock({ worker, drain, pool }: Seen, now: Date): NonNullable<BurstWorkerStatus['drain']> {
  const started = worker.status?.drain?.startedAt;
  if (started === undefined) {
    const timeoutMs = parseDuration(pool?.spec.drain.timeout ?? '10m');
    return { startedAt: timestamp(now), deadline: timestamp(new Date(now.getTime() + timeoutMs)) };
  }
  if (drain === undefined) return worker.status?.drain ?? {};
  return { ...worker.status?.drain, wave: drain.wave, pods: drain.counts, blockers: [...drain.blockers] };
}

function claims({ worker, drain, cordoned, node }: Seen, departure: Departure): Claim[] {
  const { reason, message } = REASON[departure];
  const begun = worker.status?.drain !== undefined;
  const empty = begun && (node === undefined || (cordoned && drain?.drained === true));
  return [
    { type: 'Ready', status: false, reason: 'Draining', message: `${message}; its Node is being drained` },
    ...(departure === 'Deleted' ? [] : [{ type: 'Expiring' as const, status: true, reason, message }]),
    ...(empty
      ? [
          {
            type: 'Cordoned' as const,
            status: true,
            reason: 'Draining' as const,
            message: 'Its Node takes no new pods',
          },
          {
            type: 'Drained' as const,
            status: true,
            reason: 'Drained' as const,
            message: 'No pod that counts is left on its Node',
          },
        ]
      : []),
  ];
}
