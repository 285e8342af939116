import type { Allocation, BurstWorker, WorkerPool } from '@cortex/crds';
import { hasFailed, isHeld, wantedWorkers } from '../allocation/seen.ts';
import { isTrue } from '../conditions.ts';
import type { Registry } from './classify.ts';
import { defaultPool } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import { deadlineOf } from './refuse.ts';

/** Whether an Allocation waits for the loop: it holds nothing yet, and nobody has said its end. */
export function isWaiting(allocation: Allocation, { takerOf, claimsOf, hasServer }: Registry): boolean {
  const { metadata, status, spec } = allocation;
  if (metadata.deletionTimestamp !== undefined || isTrue(status?.conditions, 'Finished')) return false;
  if (hasFailed(allocation) || takerOf(metadata.uid) !== undefined) return false;
  const serversExist = (spec.mcpServers ?? []).every((name) => hasServer(`${metadata.namespace ?? ''}/${name}`));
  return !isHeld({ allocation, claimed: claimsOf(metadata.uid), serversExist });
}

/** Whether a worker waits for the loop: somebody made it, for nobody's reservation. */
export const isUnadmitted = (worker: BurstWorker): boolean =>
  worker.metadata.deletionTimestamp === undefined &&
  worker.spec.claimRef === undefined &&
  worker.status?.phase !== 'Failed' &&
  !isTrue(worker.status?.conditions, 'Admitted');

/** It holds nothing that it will not give back. */
export const isOver = (allocation: Allocation | undefined): boolean =>
  allocation === undefined ||
  allocation.status?.phase === 'Releasing' ||
  isTrue(allocation.status?.conditions, 'Finished');

/** For which pool an Allocation waits; a job without workers waits for none. */
export function poolFor(allocation: Allocation, pools: readonly WorkerPool[]): string | undefined {
  if (wantedWorkers(allocation) === 0) return undefined;
  return allocation.spec.workers?.pool ?? defaultPool(pools)?.metadata.name;
}

/** Until when a candidate waits; workers that people make wait for as long as they exist. */
export const patienceOf = (candidate: Candidate): number | undefined =>
  candidate.kind === 'Allocation' ? deadlineOf(candidate).at : undefined;
