import type { Allocation, AllocationStatus, WorkerPool } from '@cortex/crds';
import { ledger } from '../../admission/ledger.ts';
import { report as ofAllocation } from '../../allocation/status.ts';
import { failed, waiting } from '../../allocation/verdicts.ts';
import { report as ofPool } from '../../worker-pool/status.ts';
import { look } from '../looks.ts';
import { allocation, at, pool, reserving, running, worker } from '../world.ts';
import { of, type Recorded } from './moment.ts';

const now = at('10:05:00');
const job = allocation('job', { ttl: '1h' });
const holder = reserving(job, ['w'], { nextOrdinal: 1 });
const serving = running(worker('w', { claimedBy: job }));
const active = { ...holder, status: ofAllocation(look(holder, { claimed: [serving] }), undefined, now) as never };
const told = (seen: Parameters<typeof ofAllocation>[0], when = now): Allocation => ({
  ...seen.allocation,
  status: ofAllocation(seen, undefined, when) as AllocationStatus,
});
const short = {
  reason: 'InsufficientWorkers',
  message: 'Insufficient workers: requested 1, available 0',
} as const;
const releasing = told(look(active, { claimed: [serving] }), at('12:00:00'));

export const allocations: readonly Recorded[] = [
  of('just created', job, 'Progressing'),
  of('in the queue', { ...job, status: waiting(job, short, now) }, 'Progressing'),
  of(
    'of a pool that is not there',
    { ...job, status: waiting(job, { reason: 'PoolNotFound', message: 'No WorkerPool x' }, now) },
    'Degraded',
  ),
  of('whose worker is made', told(look(holder)), 'Progressing'),
  of('that holds what it asked for', active, 'Healthy'),
  of('that lost its worker', told(look(active)), 'Progressing'),
  of('whose time is over', releasing, 'Progressing'),
  of('that has ended by time', told(look(releasing), at('12:01:00')), 'Healthy'),
  of(
    'that waited too long',
    { ...job, status: failed(job, { reason: 'QueueTimeout', message: 'Waited 1h in the queue' }, now) },
    'Degraded',
  ),
];

const wp = (one: WorkerPool, notBuilt?: string): WorkerPool => ({
  ...one,
  status:
    ofPool(
      {
        pool: one,
        workers: [],
        ledger: ledger(one, [], []),
        pending: 0,
        oldestSince: undefined,
        notBuilt,
        provider: undefined,
        breaker: { why: undefined, allowance: { kind: 'None' } },
        leaks: undefined,
        nodes: [],
        olderDefault: undefined,
      },
      now,
    ) ?? {},
});

export const pools: readonly Recorded[] = [
  of('just created', pool('burst'), 'Progressing'),
  of('that admits', wp(pool('burst')), 'Healthy'),
  of('that is full', wp(pool('burst', { limits: { workers: 0 } })), 'Healthy'),
  of('without a provider', wp(pool('burst'), 'This build has no provider Mcp'), 'Degraded'),
];
