import type { WorkerPool, WorkerPoolStatus } from '@cortex/crds';
import { API_VERSION, LABEL, VM_FINALIZER, WORKERS_FINALIZER } from '@cortex/crds';
import type { Office } from '../admission/office.ts';
import { defaultPool } from '../admission/pool-choice.ts';
import type { RemovalBreaker } from '../breaker/removal-breaker.ts';
import { machineOf } from '../burst-worker/identity.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/errors.ts';
import { actingFor } from '../node-drain/rivals.ts';
import type { Leaks } from '../orphans/leaks.ts';
import type { Providers } from '../providers/registry.ts';
import { publish } from '../published.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Action, decide } from './decide.ts';
import { belongsTo, type PermanentNode } from './nodes.ts';
import type { Scout } from './scout.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

export interface WorkerPoolOptions {
  readonly kinds: Kinds;
  readonly providers: Providers;
  readonly office: Office;
  readonly breaker: RemovalBreaker;
  readonly leaks: Leaks;
  readonly now: () => Date;
  readonly scout: Pick<Scout, 'of'>;
}

/** Publishes what a pool has and gives, keeps some of its workers warm, and holds it while workers of it live. Its queue bounds how often. */
export class WorkerPoolRoom implements Room<Seen, Action, WorkerPoolStatus> {
  readonly name = 'worker-pool';
  readonly #kinds: Kinds;
  readonly #providers: Providers;
  readonly #office: Office;
  readonly #breaker: RemovalBreaker;
  readonly #leaks: Leaks;
  readonly #now: () => Date;
  readonly #scout: Pick<Scout, 'of'>;

  constructor({ kinds, providers, office, breaker, leaks, now, scout }: WorkerPoolOptions) {
    this.#kinds = kinds;
    this.#providers = providers;
    this.#office = office;
    this.#breaker = breaker;
    this.#leaks = leaks;
    this.#now = now;
    this.#scout = scout;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const pool = this.#kinds.pools.get(key);
    if (pool === undefined) return undefined;
    const oldest = defaultPool(this.#kinds.pools.store.list());
    return {
      pool,
      workers: this.#kinds.workers.store.byIndex(INDEX.pool, key),
      nodes: pool.spec.class === 'Permanent' ? this.#nodesOf(pool) : [],
      ledger: this.#office.books.of(key).ledger,
      ...this.#office.pendingIn(key),
      notBuilt: pool.spec.provider && this.#providers.lacks(pool.spec.provider.type),
      provider: this.#scout.of(pool),
      olderDefault: pool.spec.default && oldest !== undefined && oldest !== pool ? oldest.metadata.name : undefined,
      breaker: this.#breaker.stateOf(pool, this.#now()),
      leaks: this.#leaks.of(key),
    };
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    switch (action.kind) {
      case 'AddFinalizer':
        return await this.#setFinalizer(seen, true);
      case 'RemoveFinalizer':
        return await this.#setFinalizer(seen, false);
      case 'CreateWarm':
        return await this.#createWarm(action.name, action.size, seen);
      case 'RetireWarm':
        return await this.#retire(action.name, seen);
    }
  }

  report(seen: Seen, _actions: readonly Action[], _failure: unknown, now: Date): WorkerPoolStatus | undefined {
    return report(seen, now);
  }

  /** Those that its labels name and no BurstWorker is the machine of. */
  #nodesOf(pool: WorkerPool): PermanentNode[] {
    const { nodes, pods, drains, workers } = this.#kinds;
    return nodes.store
      .list()
      .filter((node) => belongsTo(pool, node) && workers.store.byIndex(INDEX.machine, machineOf(node)).length === 0)
      .map((node) => ({
        node,
        pods: pods.store.byIndex(INDEX.node, node.metadata.name),
        drain: actingFor(node, drains.store.byIndex(INDEX.node, node.metadata.name)),
      }));
  }

  /** Its own finalizer may have moved the pool on meanwhile. */
  async publish({ pool }: Seen, status: WorkerPoolStatus): Promise<void> {
    await publish(this.#kinds.pools, this.#kinds.pools.get(pool.metadata.name) ?? pool, status);
  }

  async #setFinalizer({ pool }: Seen, held: boolean): Promise<void> {
    const { resourceVersion, uid, finalizers = [] } = pool.metadata;
    const others = finalizers.filter((each) => each !== WORKERS_FINALIZER);
    const wanted = held ? [...others, WORKERS_FINALIZER] : others;
    await this.#kinds.pools.patch(pool, { metadata: { resourceVersion, uid, finalizers: wanted } });
  }

  /** It has no slot yet: it queues behind everybody else (contract C5). */
  async #createWarm(name: string, size: string, { pool }: Seen): Promise<void> {
    const draft = {
      apiVersion: API_VERSION,
      kind: 'BurstWorker' as const,
      metadata: {
        name,
        finalizers: [VM_FINALIZER],
        labels: { [LABEL.pool]: pool.metadata.name, [LABEL.size]: size },
      },
      spec: { pool: pool.metadata.name, size, claimable: true, deletionProtection: false },
    };
    await this.#kinds.workers.create(draft).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }

  /** As it was seen: one that somebody claimed meanwhile stays. */
  async #retire(name: string, { workers }: Seen): Promise<void> {
    const worker = workers.find(({ metadata }) => metadata.name === name);
    if (worker === undefined) return;
    const { uid, resourceVersion } = worker.metadata;
    await this.#kinds.workers.delete(name, { uid, resourceVersion }).catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    });
  }
}
