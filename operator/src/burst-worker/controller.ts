import type { Allocation, BurstWorker, BurstWorkerStatus, WorkerPool } from '@cortex/crds';
import { VM_FINALIZER } from '@cortex/crds';
import { chosenWorkers, reserves } from '../admission/slots.ts';
import { isHeld } from '../allocation/seen.ts';
import { isTrue } from '../conditions.ts';
import { cordonPatch, isCordoned, uncordonPatch } from '../drain/cordon.ts';
import { isNotFound } from '../kube/errors.ts';
import { publish } from '../published.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Action, decide } from './decide.ts';
import type { DrainOrder, NodeEmptying } from '../drain/emptying.ts';
import { rulesOfPool } from '../drain/rules.ts';
import { doubtAbout, machineOf } from './identity.ts';
import { markPatch, withoutVmFinalizer } from './marks.ts';
import { DrainProgressGate } from './progress.ts';
import {
  answers,
  type Claimant,
  departureOf,
  isAdmitted,
  isCleared,
  isDeleting,
  isEmptied,
  isFailed,
  isLate,
  mayTryAgain,
  type Seen,
} from './seen.ts';
import { report } from './status.ts';
import type { Machines } from './machines.ts';

const UNSETTLED_MS = 60_000;

/** One VM that becomes one Node: raised, marked, drained, removed, never the wrong one. */
export class BurstWorkerRoom implements Room<Seen, Action, BurstWorkerStatus> {
  readonly name = 'burst-worker';
  readonly #kinds: Kinds;
  readonly #machines: Machines;
  readonly #emptying: NodeEmptying;
  readonly #now: () => Date;
  readonly #progress = new DrainProgressGate();

  constructor(kinds: Kinds, machines: Machines, emptying: NodeEmptying, now: () => Date) {
    this.#kinds = kinds;
    this.#machines = machines;
    this.#emptying = emptying;
    this.#now = now;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const worker = this.#kinds.workers.get(key);
    if (worker === undefined) return undefined;
    const pool = this.#kinds.pools.get(worker.spec.pool);
    const claimant = await this.#claimant(worker);
    const own = this.#kinds.nodes.store.byIndex(INDEX.machine, worker.metadata.uid);
    const node = own.find(({ metadata }) => metadata.uid === worker.status?.nodeUID) ?? own[0];
    const namesake = this.#kinds.nodes.get(worker.metadata.name);
    const seen: Seen = {
      worker,
      pool,
      claimant,
      reserved: claimant.state === 'Live' && this.#isReservedBy(claimant.allocation, worker),
      node,
      impostor: namesake === node ? undefined : namesake,
      conflict: doubtAbout(worker, own, this.#kinds.nodes.get(worker.status?.nodeName ?? '')),
      trouble: undefined,
      proposed: undefined,
      drain: undefined,
      cordoned: node !== undefined && isCordoned(node),
      vm: undefined,
      checkpoint: worker.status?.vm,
    };
    try {
      return await this.#closerLook(seen);
    } catch (error) {
      if (error instanceof Stalled || error instanceof Waiting) return { ...seen, trouble: error };
      throw error;
    }
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    switch (action.kind) {
      case 'AddFinalizer':
        return await this.#setFinalizers(seen, [...(seen.worker.metadata.finalizers ?? []), VM_FINALIZER]);
      case 'EnsureVm':
        return await this.#ensureVm(seen);
      case 'MarkNode':
        return await this.#patchNode(seen, (node) => markPatch(node, seen));
      case 'SettleVm':
        return await this.#settleVm(seen);
      case 'Cordon':
        return await this.#patchNode(seen, (node) => cordonPatch(node, this.#now()));
      case 'Uncordon':
        return await this.#patchNode(seen, uncordonPatch);
      case 'EmptyNode':
        return await this.#emptying.perform(action.pods);
      case 'DeleteWorker':
        return await this.#deleteWorker(seen);
      case 'RemoveVm':
        return await this.#removeVm(seen);
      case 'DeleteNode':
        return await this.#deleteNode(seen);
      case 'RemoveFinalizer':
        return await this.#setFinalizers(seen, withoutVmFinalizer(seen.worker.metadata.finalizers));
    }
  }

  report(seen: Seen, _actions: readonly Action[], failure: unknown, now: Date): BurstWorkerStatus | undefined {
    const status = report(seen, failure, now);
    return status && this.#progress.admits(seen.worker, status, now) ? status : undefined;
  }

  async publish(seen: Seen, status: BurstWorkerStatus): Promise<void> {
    await publish(this.#kinds.workers, seen.worker, status);
  }

  /** What only some moments of a life need: the provider's plan, its word on the machine, the pods left. */
  async #closerLook(seen: Seen): Promise<Seen> {
    if (departureOf(seen, this.#now()) !== undefined) return await this.#lookAtDeparting(seen);
    if (isFailed(seen) || isLate(seen, this.#now())) return await this.#lookAtFailed(seen);
    const plans = isAdmitted(seen) && seen.checkpoint === undefined && seen.pool !== undefined;
    return plans ? { ...seen, proposed: await this.#machines.plan(seen.worker, seen.pool) } : seen;
  }

  async #lookAtDeparting(seen: Seen): Promise<Seen> {
    const { worker, node, pool, conflict } = seen;
    if (conflict !== undefined) return seen;
    if (isEmptied(seen)) return isDeleting(seen) ? await this.#lookAtMachine(seen) : seen;
    if (node === undefined || worker.status?.drain === undefined) return seen;
    const order = { node, rules: rulesOfPool(pool), deadline: worker.status.drain.deadline };
    return { ...seen, drain: await this.#emptying.plan({ ...order, machine: await this.#verdict(seen) }) };
  }

  /** What the provider says of a machine whose Node does not answer; without an answer, nothing is known (contract D14). */
  async #verdict(seen: Seen): Promise<DrainOrder['machine']> {
    if (seen.node === undefined || answers(seen.node)) return undefined;
    try {
      const { vm } = await this.#lookAtMachine(seen);
      return vm === undefined || vm.state === 'unknown' ? 'unknown' : OFF.has(vm.state) ? 'off' : 'on';
    } catch {
      return 'unknown';
    }
  }

  /** Once nothing is left of an attempt, the next one is planned. */
  async #lookAtFailed(before: Seen): Promise<Seen> {
    if (isTrue(before.worker.status?.conditions, 'VmGone')) return before;
    const seen = await this.#lookAtMachine(before);
    if (isFailed(seen) || !isCleared(seen) || !mayTryAgain(seen) || seen.pool === undefined) return seen;
    const proposed = await this.#machines.plan(seen.worker, seen.pool);
    return { ...seen, proposed: { ...proposed, attempt: (seen.checkpoint?.attempt ?? 1) + 1 } };
  }

  async #lookAtMachine(seen: Seen): Promise<Seen> {
    if (seen.checkpoint === undefined) return seen;
    return { ...seen, vm: await this.#machines.look(seen.worker, poolOf(seen), seen.checkpoint) };
  }

  /** Gone is said only after the API server said so: a cache that lags must not drain a Node (contract C2). */
  async #claimant({ spec, status, metadata }: BurstWorker): Promise<Claimant> {
    const claim = spec.claimRef;
    if (claim === undefined) return { state: 'None' };
    const taker = this.#takerOf(claim.uid, metadata.name);
    if (taker !== undefined) return stateOf(taker);
    const key = `${claim.namespace}/${claim.name}`;
    const cached = this.#kinds.allocations.get(key);
    if (cached !== undefined && holds(cached, claim.uid)) return stateOf(cached);
    if (status?.drain !== undefined) return { state: 'Gone' };
    const live = await this.#kinds.allocations.live(key).catch(absent);
    return live !== undefined && holds(live, claim.uid) ? stateOf(live) : { state: 'Gone' };
  }

  /** From the moment of a hand-over on its workers are the taker's, whoever they still bear the claim of (contract T4). */
  #takerOf(claimant: string, worker: string): Allocation | undefined {
    const takers = this.#kinds.allocations.store.byIndex(INDEX.taken, claimant);
    return takers.find((taker) => chosenWorkers(taker).includes(worker));
  }

  #isReservedBy(allocation: Allocation, worker: BurstWorker): boolean {
    if (reserves(allocation)) return chosenWorkers(allocation).includes(worker.metadata.name);
    return isHeld({ allocation, claimed: this.#kinds.workers.store.byIndex(INDEX.claimant, allocation.metadata.uid) });
  }

  async #ensureVm(seen: Seen): Promise<void> {
    if (seen.pool === undefined || seen.checkpoint === undefined) return;
    const step = await this.#machines.ensure(seen.worker, seen.pool, seen.checkpoint);
    seen.vm = step.vm;
    seen.checkpoint = step.checkpoint;
    if (!step.done)
      throw new Waiting(
        step.retryAfterMs ?? 1_000,
        'Provisioning',
        step.notice ?? `The machine of BurstWorker ${seen.worker.metadata.name} is not up yet`,
      );
  }

  /** Whatever comes of it, the worker is as Ready as its Node: a seed that is still there is taken away later. */
  async #settleVm(seen: Seen): Promise<void> {
    const { worker, pool, checkpoint } = seen;
    if (pool === undefined || checkpoint === undefined) return;
    const step = await this.#machines.settle(worker, pool, checkpoint).catch((error: unknown) => {
      if (!(error instanceof Stalled)) throw error;
      throw new Waiting(UNSETTLED_MS, 'Settling', error.message, error);
    });
    seen.checkpoint = step.checkpoint;
    if (!step.done)
      throw new Waiting(step.retryAfterMs ?? 1_000, 'Settling', `The seed of BurstWorker ${worker.metadata.name} goes`);
  }

  /** The machine goes for good, so the Node is asked for once more as it is now, not as it was cached (contract D2). */
  async #removeVm(seen: Seen): Promise<void> {
    if (seen.checkpoint === undefined) return;
    const doubt = await this.#doubtNow(seen);
    if (doubt !== undefined) throw new Stalled('IdentityConflict', doubt);
    const step = await this.#machines.remove(seen.worker, poolOf(seen), seen.checkpoint);
    seen.vm = step.vm;
    seen.checkpoint = step.checkpoint;
    throw new Waiting(
      step.vm.state === 'absent' ? 0 : (step.retryAfterMs ?? 1_000),
      'Terminating',
      `The machine of BurstWorker ${seen.worker.metadata.name} is going`,
    );
  }

  async #patchNode({ node }: Seen, patchOf: (node: NonNullable<Seen['node']>) => unknown): Promise<void> {
    const patch = node && patchOf(node);
    if (node !== undefined && patch !== undefined) await this.#kinds.nodes.patch(node, patch);
  }

  async #deleteWorker({ worker }: Seen): Promise<void> {
    const { name, uid, resourceVersion } = worker.metadata;
    await this.#kinds.workers.delete(name, { uid, resourceVersion }).catch(absent);
  }

  async #doubtNow({ worker, node }: Seen): Promise<string | undefined> {
    const name = node?.metadata.name ?? worker.status?.nodeName;
    if (name === undefined) return undefined;
    const live = await this.#kinds.nodes.live(name).catch(absent);
    const own = live !== undefined && machineOf(live) === worker.metadata.uid ? [live] : [];
    return doubtAbout(worker, own, live);
  }

  /** Under the version whose identity was judged: a Node that changed since stays until it is judged again. */
  async #deleteNode({ node }: Seen): Promise<void> {
    if (node === undefined) return;
    const { name, uid, resourceVersion } = node.metadata;
    await this.#kinds.nodes.delete(name, { uid, resourceVersion }).catch(absent);
  }

  /** Under the version that was seen, so that no finalizer of anybody else is lost. */
  async #setFinalizers({ worker }: Seen, finalizers: readonly string[]): Promise<void> {
    const { uid, resourceVersion } = worker.metadata;
    await this.#kinds.workers.patch(worker, { metadata: { uid, resourceVersion, finalizers } }).catch(absent);
  }
}

/** A machine is reached through its pool; a pool keeps a finalizer while it has workers, so this is somebody's force. */
function poolOf({ pool, worker }: Seen): WorkerPool {
  if (pool !== undefined) return pool;
  throw new Stalled(
    'PoolNotFound',
    `WorkerPool ${worker.spec.pool} is gone, and with it the way to the machine of BurstWorker ${worker.metadata.name}; create the pool again`,
  );
}

const OFF: ReadonlySet<string> = new Set(['absent', 'stopped']);

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
