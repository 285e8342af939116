import type { Allocation, BurstWorker } from '@cortex/crds';
import { chosenWorkers, reserves } from '../admission/slots.ts';
import { isHeld } from '../allocation/seen.ts';
import { isTrue } from '../conditions.ts';
import { isNotFound } from '../kube/errors.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Claimant, ownDrain } from './seen.ts';

/** Gone is said only after the API server said so: a cache that lags must not drain a Node (contract C2). */
export async function claimantOf(worker: BurstWorker, kinds: Kinds): Promise<Claimant> {
  const claim = worker.spec.claimRef;
  if (claim === undefined) return { state: 'None' };
  const taker = takerOf(claim.uid, worker.metadata.name, kinds);
  if (taker !== undefined) return stateOf(taker);
  const key = `${claim.namespace}/${claim.name}`;
  const cached = kinds.allocations.get(key);
  if (cached !== undefined && holds(cached, claim.uid)) return stateOf(cached);
  if (ownDrain(worker) !== undefined) return { state: 'Gone' };
  const live = await kinds.allocations.live(key).catch(absent);
  return live !== undefined && holds(live, claim.uid) ? stateOf(live) : { state: 'Gone' };
}

/** From the moment of a hand-over on its workers are the taker's, whoever they still bear the claim of (contract T4). */
function takerOf(claimant: string, worker: string, { allocations }: Kinds): Allocation | undefined {
  const takers = allocations.store.byIndex(INDEX.taken, claimant);
  return takers.find((taker) => chosenWorkers(taker).includes(worker));
}

/** Whether the claimant's reservation names this worker, or claimed it before its reservation was written. */
export function isReservedBy(claimant: Claimant, worker: BurstWorker, { workers }: Kinds): boolean {
  if (claimant.state !== 'Live') return false;
  const { allocation } = claimant;
  if (reserves(allocation)) return chosenWorkers(allocation).includes(worker.metadata.name);
  return isHeld({ allocation, claimed: workers.store.byIndex(INDEX.claimant, allocation.metadata.uid) });
}

const holds = (allocation: Allocation, uid: string): boolean =>
  allocation.metadata.uid === uid && !isTrue(allocation.status?.conditions, 'Finished');

const stateOf = (allocation: Allocation): Claimant => ({
  state: allocation.status?.phase === 'Releasing' ? 'Releasing' : 'Live',
  allocation,
});

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
