import type { Allocation, WorkerPoolStatus } from '@cortex/crds';
import { WORKERS_FINALIZER } from '@cortex/crds';
import { isHeld } from '../allocation/seen.ts';
import { defaultPool } from '../admission/pool-choice.ts';
import { isTrue } from '../conditions.ts';
import type { Providers } from '../providers/registry.ts';
import { publish } from '../published.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Action, decide, type Seen } from './decide.ts';
import { report } from './status.ts';

/** Publishes what a pool has and gives, and holds it while workers of it live. Its queue bounds how often. */
export class WorkerPoolRoom implements Room<Seen, Action, WorkerPoolStatus> {
  readonly name = 'worker-pool';
  readonly #kinds: Kinds;
  readonly #providers: Providers;

  constructor(kinds: Kinds, providers: Providers) {
    this.#kinds = kinds;
    this.#providers = providers;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const pool = this.#kinds.pools.get(key);
    if (pool === undefined) return undefined;
    const oldest = defaultPool(this.#kinds.pools.store.list());
    return {
      pool,
      workers: this.#kinds.workers.store.byIndex(INDEX.pool, key),
      allocations: this.#kinds.allocations.store.byIndex(INDEX.pool, key),
      waiting: this.#waitingFor(key, oldest?.metadata.name === key),
      notBuilt: pool.spec.provider && this.#providers.lacks(pool.spec.provider.type),
      olderDefault: pool.spec.default && oldest !== undefined && oldest !== pool ? oldest.metadata.name : undefined,
    };
  }

  decide(seen: Seen): Decision<Action> {
    return decide(seen);
  }

  async perform(action: Action, { pool }: Seen): Promise<void> {
    const { resourceVersion, uid, finalizers = [] } = pool.metadata;
    const others = finalizers.filter((each) => each !== WORKERS_FINALIZER);
    const wanted = action.kind === 'AddFinalizer' ? [...others, WORKERS_FINALIZER] : others;
    await this.#kinds.pools.patch(pool, { metadata: { resourceVersion, uid, finalizers: wanted } });
  }

  report(seen: Seen, _actions: readonly Action[], _failure: unknown, now: Date): WorkerPoolStatus {
    return report(seen, now);
  }

  /** Its own finalizer may have moved the pool on meanwhile. */
  async publish({ pool }: Seen, status: WorkerPoolStatus): Promise<void> {
    await publish(this.#kinds.pools, this.#kinds.pools.get(pool.metadata.name) ?? pool, status);
  }

  #waitingFor(key: string, isDefault: boolean): Allocation[] {
    return [
      ...this.#kinds.allocations.store.byIndex(INDEX.wanted, key),
      ...(isDefault ? this.#kinds.allocations.store.byIndex(INDEX.wanted, '') : []),
    ].filter((allocation) => !isTrue(allocation.status?.conditions, 'Finished') && !this.#isHeld(allocation));
  }

  #isHeld(allocation: Allocation): boolean {
    return isHeld({ allocation, claimed: this.#kinds.workers.store.byIndex(INDEX.claimant, allocation.metadata.uid) });
  }
}
