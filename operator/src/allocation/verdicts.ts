import type { Allocation, AllocationStatus, BurstWorker } from '@cortex/crds';
import { asQuantities, ofWorker, times } from '../admission/amount.ts';
import type { PoolChoice, Refusal } from '../admission/pool-choice.ts';
import type { Predecessor } from '../admission/verdict.ts';
import { type Claim, timestamp, withConditions } from '../conditions.ts';
import { workerName } from './names.ts';
import { jobIdOf, wantedWorkers } from './seen.ts';

/**
 * The reservation: written before anything is created, naming every worker that shall stand for it (contract C1). With it
 * a hand-over is done: from then on the workers it names are its own (contract T4).
 */
export function reservation(
  allocation: Allocation,
  { pool, size }: PoolChoice,
  standing: readonly BurstWorker[],
  predecessor: Predecessor,
  now: Date,
): AllocationStatus {
  const count = wantedWorkers(allocation);
  const there = standing.map(({ metadata, status }) => ({ name: metadata.name, ...sizeOf(status?.resources ?? size) }));
  const first = allocation.status?.nextOrdinal ?? 0;
  const created = Array.from({ length: count - there.length }, (_, i) => ({
    name: workerName(pool.metadata.name, allocation.metadata.uid, first + i),
    ...sizeOf(size),
  }));
  const { cpu = '0', memory = '0' } = asQuantities(times(ofWorker(size), count));
  const message = `${count} ${size.name} worker${count === 1 ? '' : 's'} reserved in WorkerPool ${pool.metadata.name}`;
  return {
    ...allocation.status,
    ...admitted(allocation, [reserved(message, predecessor), ...ON_THEIR_WAY], predecessor, now),
    nextOrdinal: first + created.length,
    reserved: { pool: pool.metadata.name, size: size.name, workers: count, cpu, memory },
    workersReady: `0/${count}`,
    workers: [...there, ...created].map((row) => ({ ...row, phase: 'Requested' as const })),
  };
}

/** A hand-over of servers alone. */
export const succession = (allocation: Allocation, predecessor: Predecessor, now: Date): AllocationStatus => ({
  ...allocation.status,
  ...admitted(
    allocation,
    [
      reserved('It asks for no workers, so there is nothing to reserve', predecessor),
      { type: 'Ready', status: false, reason: 'ServersNotReady', message: 'The servers are wished for' },
    ],
    predecessor,
    now,
  ),
});

const sizeOf = ({ cpu, memory }: { cpu: string; memory: string }) => ({ cpu, memory });

const ON_THEIR_WAY: readonly Claim[] = (['WorkersReady', 'Ready'] as const).map((type) => ({
  type,
  status: false,
  reason: 'Provisioning',
  message: 'The workers are on their way',
}));

const admitted = (
  allocation: Allocation,
  claims: readonly Claim[],
  predecessor: Predecessor,
  now: Date,
): AllocationStatus => ({
  phase: 'Pending',
  jobId: jobIdOf(allocation),
  admittedAt: timestamp(now),
  ...inherited(predecessor),
  conditions: withConditions(allocation.status?.conditions, claims, allocation.metadata.generation, now),
});

function inherited(predecessor: Predecessor): Pick<AllocationStatus, 'tookOver' | 'chainStartedAt'> {
  if (predecessor.state !== 'Live') return {};
  const { metadata, status } = predecessor.allocation;
  return {
    tookOver: { name: metadata.name, uid: metadata.uid },
    chainStartedAt: status?.chainStartedAt ?? metadata.creationTimestamp,
  };
}

function reserved(what: string, predecessor: Predecessor): Claim {
  const type = 'QuotaReserved';
  switch (predecessor.state) {
    case 'None':
      return { type, status: true, reason: 'Reserved', message: what };
    case 'Live':
      return {
        type,
        status: true,
        reason: 'Reserved',
        message: `${what}, taking over from ${predecessor.allocation.metadata.name}`,
      };
    case 'Gone':
      return { type, status: true, reason: 'PredecessorGone', message: `${what}. ${goneSentence(predecessor.name)}` };
  }
}

const goneSentence = (name: string): string =>
  `Allocation ${name}, which it was to take over, is gone: this is an ordinary request now`;

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
