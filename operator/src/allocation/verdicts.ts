import type { Allocation, AllocationStatus, BurstWorker } from '@cortex/crds';
import { asQuantities, ofWorker, times } from '../admission/amount.ts';
import type { PoolChoice, Refusal } from '../admission/pool-choice.ts';
import { timestamp, withConditions } from '../conditions.ts';
import { workerName } from './names.ts';
import { jobIdOf, wantedWorkers } from './seen.ts';

/** The reservation: written before anything is created, naming every worker that shall stand for it (contract C1). */
export function reservation(
  allocation: Allocation,
  { pool, size }: PoolChoice,
  free: readonly BurstWorker[],
  own: readonly BurstWorker[],
  now: Date,
): AllocationStatus {
  const count = wantedWorkers(allocation);
  const there = [...own, ...free].map(({ metadata }) => metadata.name);
  const first = allocation.status?.nextOrdinal ?? 0;
  const created = Array.from({ length: count - there.length }, (_, i) =>
    workerName(pool.metadata.name, allocation.metadata.uid, first + i),
  );
  const { cpu = '0', memory = '0' } = asQuantities(times(ofWorker(size), count));
  const message = `${count} ${size.name} worker${count === 1 ? '' : 's'} reserved in WorkerPool ${pool.metadata.name}`;
  const waits = 'The workers are on their way';
  return {
    ...allocation.status,
    phase: 'Pending',
    jobId: jobIdOf(allocation),
    admittedAt: timestamp(now),
    nextOrdinal: first + created.length,
    reserved: { pool: pool.metadata.name, size: size.name, workers: count, cpu, memory },
    workersReady: `0/${count}`,
    workers: [...there, ...created].map((name) => ({
      name,
      phase: 'Requested' as const,
      cpu: size.cpu,
      memory: size.memory,
    })),
    conditions: withConditions(
      allocation.status?.conditions,
      [
        { type: 'QuotaReserved', status: true, reason: 'Reserved', message },
        { type: 'WorkersReady', status: false, reason: 'Provisioning', message: waits },
        { type: 'Ready', status: false, reason: 'Provisioning', message: waits },
      ],
      allocation.metadata.generation,
      now,
    ),
  };
}

/** In the queue, with the reason. */
export const waiting = (allocation: Allocation, why: Refusal, now: Date): AllocationStatus => ({
  ...allocation.status,
  phase: 'Pending',
  jobId: jobIdOf(allocation),
  workersReady: `0/${wantedWorkers(allocation)}`,
  conditions: withConditions(
    allocation.status?.conditions,
    [
      { type: 'QuotaReserved', status: false, ...why },
      { type: 'Ready', status: false, ...why },
    ],
    allocation.metadata.generation,
    now,
  ),
});

/** Failed with nothing to give back. */
export const failed = (allocation: Allocation, why: Refusal, now: Date): AllocationStatus => ({
  ...allocation.status,
  phase: 'Failed',
  jobId: jobIdOf(allocation),
  finishedAt: timestamp(now),
  workers: [],
  workersReady: `0/${wantedWorkers(allocation)}`,
  conditions: withConditions(
    allocation.status?.conditions,
    [
      { type: 'QuotaReserved', status: false, ...why },
      { type: 'Ready', status: false, ...why },
      { type: 'Finished', status: true, ...why },
    ],
    allocation.metadata.generation,
    now,
  ),
});

/** Failed, and giving back what it holds: its reservation is withdrawn, which no edit takes back. */
export const failing = (allocation: Allocation, why: Refusal, now: Date): AllocationStatus => ({
  ...allocation.status,
  phase: 'Releasing',
  conditions: withConditions(
    allocation.status?.conditions,
    [
      { type: 'QuotaReserved', status: false, ...why },
      { type: 'Ready', status: false, ...why },
    ],
    allocation.metadata.generation,
    now,
  ),
});
