import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { cordonedAt, isCordoned } from '../drain/cordon.ts';
import type { DrainOrder, NodeEmptying } from '../drain/emptying.ts';
import { rulesOfPool } from '../drain/rules.ts';
import type { Node } from '../kube/core.ts';
import { isNotFound } from '../kube/errors.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { INDEX, type Kinds } from '../stores.ts';
import type { RemovalBreaker } from '../breaker/removal-breaker.ts';
import { actingFor } from '../node-drain/rivals.ts';
import { countedAt } from '../usage/usage.ts';
import { claimantOf, isReservedBy } from './claimant.ts';
import { departureOf } from './departure.ts';
import { isMissing, isSilent } from './health.ts';
import { doubtAbout } from './identity.ts';
import type { Machines } from './machines.ts';
import { isUnclean } from './marks.ts';
import { answers } from './node-state.ts';
import { isReturning } from './returning.ts';
import {
  isAdmitted,
  isCleared,
  isDeleting,
  isEmptied,
  isFailed,
  isLate,
  mayTryAgain,
  ownDrain,
  poolOf,
  type Seen,
} from './seen.ts';
import type { WorkerTurns } from './worker-turns.ts';

export interface Sources {
  readonly kinds: Kinds;
  readonly machines: Machines;
  readonly emptying: NodeEmptying;
  readonly turns: WorkerTurns;
  readonly breaker: RemovalBreaker;
  readonly now: () => Date;
  /** Why nothing may be destroyed now; undefined while what is seen can be trusted (contracts T7, S8). */
  readonly frozen: () => string | undefined;
  /** Why no machine of this pool may be removed now: its provider does not answer (contract S8). */
  readonly silence: (pool: WorkerPool | undefined) => string | undefined;
}

/** Looks at a worker: from the copies, and where it matters at the API server and the provider themselves. */
export class Observation {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async of(worker: BurstWorker): Promise<Seen> {
    const seen = await this.#glance(worker);
    try {
      const isAsked = isSilent(seen) && !isDeleting(seen); // a DELETE needs no further reason
      return await this.#closerLook(isAsked ? this.#askBreaker(await this.#lookAtSilent(seen)) : seen);
    } catch (error) {
      if (error instanceof Stalled || error instanceof Waiting) return { ...seen, trouble: error };
      throw error;
    }
  }

  async #glance(worker: BurstWorker): Promise<Seen> {
    const { kinds, frozen, silence } = this.#sources;
    const pool = kinds.pools.get(worker.spec.pool);
    const claimant = await claimantOf(worker, kinds);
    const own = kinds.nodes.store.byIndex(INDEX.machine, worker.metadata.uid);
    const node = own.find(({ metadata }) => metadata.uid === worker.status?.nodeUID) ?? own[0];
    const namesake = kinds.nodes.get(worker.metadata.name);
    return {
      worker,
      pool,
      claimant,
      reserved: isReservedBy(claimant, worker, kinds),
      node,
      usage: worker.status?.usage === undefined && node !== undefined ? this.#usageOf(node) : undefined,
      nodeDeleted: false,
      impostor: namesake === node ? undefined : namesake,
      conflict: doubtAbout(worker, own, kinds.nodes.get(worker.status?.nodeName ?? '')),
      frozen: frozen(),
      silent: worker.status?.vm === undefined ? undefined : silence(pool),
      held: undefined,
      trouble: undefined,
      proposed: undefined,
      mayDrain: false,
      drain: undefined,
      volumes: undefined,
      cordoned: node !== undefined && isCordoned(node),
      nodeDrain: node && actingFor(node, kinds.drains.store.byIndex(INDEX.node, node.metadata.name)),
      vm: undefined,
      checkpoint: worker.status?.vm,
    };
  }

  #usageOf = ({ metadata: { name } }: Node): Seen['usage'] =>
    countedAt(this.#sources.kinds.pods.store.byIndex(INDEX.node, name), this.#sources.now());

  /** A Node that is gone from the copy may merely not be there yet: the API server is asked (contract S11). */
  async #lookAtSilent(seen: Seen): Promise<Seen> {
    const name = seen.worker.status?.nodeName;
    if (seen.node === undefined && name !== undefined && seen.conflict === undefined) {
      const live = await this.#sources.kinds.nodes.live(name).catch(absent);
      if (live !== undefined && live.metadata.uid === seen.worker.status?.nodeUID)
        throw new Waiting(1_000, 'CopyBehind', `The copy of Node ${name} is not up to date`);
      return await this.#lookAtMachine({ ...seen, nodeDeleted: true });
    }
    return await this.#lookAtMachine(seen);
  }

  /** A missing machine would be a removal that nobody named, and counts as one from the first look on (contract S9). */
  #askBreaker(seen: Seen): Seen {
    const { pool, uid } = { pool: seen.worker.spec.pool, uid: seen.worker.metadata.uid };
    const { breaker, now } = this.#sources;
    if (isMissing(seen)) return isDeleting(seen) ? seen : { ...seen, held: breaker.ask(pool, uid, now()) };
    breaker.withdraw(pool, uid);
    return seen;
  }

  /** What only some moments of a life need: the provider's plan, its word on the machine, the pods left. */
  async #closerLook(seen: Seen): Promise<Seen> {
    const now = this.#sources.now();
    const { turns } = this.#sources;
    if (departureOf(seen, now) !== undefined) return await this.#lookAtDeparting(seen);
    turns.stays(seen.worker);
    if (isReturning(seen, now) || isUnclean(seen)) return await this.#lookAtGuests(seen);
    if (isFailed(seen) || isLate(seen, now)) return await this.#lookAtFailed(seen);
    if (!isAdmitted(seen) || seen.checkpoint !== undefined || seen.pool === undefined) return seen;
    turns.askToRaise(seen.worker, seen.pool, now);
    return { ...seen, proposed: await this.#sources.machines.plan(seen.worker, seen.pool) };
  }

  async #lookAtDeparting(seen: Seen): Promise<Seen> {
    const { worker, node, pool, conflict, frozen, silent } = seen;
    if (conflict !== undefined || silent !== undefined || seen.checkpoint === undefined) {
      this.#sources.turns.stays(worker); // for now: what cannot go takes nobody's turn
      return seen;
    }
    if (isEmptied(seen)) return await this.#lookAtVolumes(isDeleting(seen) ? await this.#lookAtMachine(seen) : seen);
    const drain = ownDrain(worker);
    if (node === undefined) return seen;
    if (drain === undefined)
      return {
        ...seen,
        mayDrain: frozen === undefined && this.#sources.turns.mayDrain(worker, pool, this.#sources.now()),
      };
    const plan = await this.#plan(seen, node, { rules: rulesOfPool(pool), deadline: drain.deadline });
    return plan?.drained === true ? await this.#lookAtVolumes({ ...seen, drain: plan }) : { ...seen, drain: plan };
  }

  /** What a machine that is off had attached is nobody's to detach any more (contract D15). */
  async #lookAtVolumes(seen: Seen): Promise<Seen> {
    const { node, pool, vm } = seen;
    if (node === undefined || vm?.state === 'absent' || vm?.state === 'stopped') return seen;
    const volumes = await this.#sources.emptying.volumesOn({ node, rules: rulesOfPool(pool) });
    const isMoot = volumes.length > 0 && !answers(node) && (await this.#verdict(seen)) === 'off';
    return isMoot ? seen : { ...seen, volumes };
  }

  /** Pods that have to leave before the Node is marked anew; none of them is ever forced for that. */
  async #lookAtGuests(seen: Seen): Promise<Seen> {
    const { node, pool, cordoned } = seen;
    if (node === undefined || !cordoned) return seen;
    const rules = { ...rulesOfPool(pool), onDeadline: 'Hold' as const };
    return { ...seen, drain: await this.#plan(seen, node, { rules, deadline: cordonedAt(node)?.toISOString() }) };
  }

  async #plan(seen: Seen, node: Node, order: Pick<DrainOrder, 'rules' | 'deadline'>): Promise<Seen['drain']> {
    return await this.#sources.emptying.plan({
      ...order,
      node,
      machine: answers(node) ? undefined : await this.#verdict(seen),
    });
  }

  async #verdict({ worker, pool, checkpoint }: Seen): Promise<DrainOrder['machine']> {
    if (pool === undefined || checkpoint === undefined) return 'unknown';
    return await this.#sources.machines.verdict(worker, pool, checkpoint);
  }

  /** Once nothing is left of an attempt, the next one is planned. */
  async #lookAtFailed(before: Seen): Promise<Seen> {
    if (isTrue(before.worker.status?.conditions, 'VmGone')) return before;
    const seen = await this.#lookAtMachine(before);
    if (isFailed(seen) || !isCleared(seen) || !mayTryAgain(seen) || seen.pool === undefined) return seen;
    const proposed = await this.#sources.machines.plan(seen.worker, seen.pool);
    return { ...seen, proposed: { ...proposed, attempt: (seen.checkpoint?.attempt ?? 1) + 1 } };
  }

  async #lookAtMachine(seen: Seen): Promise<Seen> {
    if (seen.checkpoint === undefined) return seen;
    return { ...seen, vm: await this.#sources.machines.look(seen.worker, poolOf(seen), seen.checkpoint) };
  }
}

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
