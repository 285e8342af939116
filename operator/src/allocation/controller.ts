import type { Allocation, AllocationStatus } from '@cortex/crds';
import { API_VERSION, VM_FINALIZER } from '@cortex/crds';
import { chosenWorkers } from '../admission/slots.ts';
import type { Office } from '../admission/office.ts';
import { defaultPool } from '../admission/pool-choice.ts';
import { isTrue } from '../conditions.ts';
import { isAlreadyExists, isNotFound } from '../kube/errors.ts';
import { keyOf } from '../kube/object.ts';
import { bearsClaim } from '../burst-worker/marks.ts';
import { publish } from '../published.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { publishes } from '../worker-pool/status.ts';
import { type Action, decide } from './decide.ts';
import { claimOf, claimWorker } from './claim.ts';
import { isLeftTo, type Seen } from './seen.ts';
import { wishName } from './names.ts';
import { ProgressGate } from './progress.ts';
import { report } from './status.ts';

/** Carries out what was admitted: workers, wishes, the Ready word, the end. */
export class AllocationRoom implements Room<Seen, Action, AllocationStatus> {
  readonly name = 'allocation';
  readonly #kinds: Kinds;
  readonly #office: Office;
  readonly #progress = new ProgressGate();

  constructor(kinds: Kinds, office: Office) {
    this.#kinds = kinds;
    this.#office = office;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const allocation = this.#kinds.allocations.get(key);
    if (allocation === undefined) {
      this.#progress.forget(key);
      return undefined;
    }
    const claimed = this.#kinds.workers.store.byIndex(INDEX.claimant, allocation.metadata.uid);
    const pool = this.#poolOf(allocation, claimed[0]?.spec.pool);
    return {
      allocation,
      pool,
      claimed,
      named: (allocation.status?.workers ?? []).flatMap(({ name }) => this.#kinds.workers.get(name) ?? []),
      marked: new Set(claimed.filter((worker) => this.#isMarked(worker, pool)).map(({ metadata }) => metadata.name)),
      servers: (allocation.spec.mcpServers ?? []).map((name) => this.#server(allocation, name)),
      countedByPool: this.#isCounted(allocation, pool),
      taker: this.#taker(allocation),
    };
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return { ...decide(seen, now), parallel: true };
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    const { metadata } = seen.allocation;
    switch (action.kind) {
      case 'CreateWorker':
        return await this.#createWorker(action.name, seen);
      case 'ClaimWorker':
        return await this.#claim(action.name, seen.allocation);
      case 'DeleteWorker':
        return await this.#deleteWorker(action.name);
      case 'CreateWish':
        return await this.#createWish(action.server, seen.allocation);
      case 'DeleteWish':
        return await this.#deleteWish(`${metadata.namespace}/${wishName(metadata, action.server)}`);
      case 'Collect':
        return await gone(this.#kinds.allocations.delete(keyOf(seen.allocation), { uid: metadata.uid }));
    }
  }

  report(seen: Seen, _actions: readonly Action[], failure: unknown, now: Date): AllocationStatus | undefined {
    return report(seen, failure, now);
  }

  async publish({ allocation }: Seen, status: AllocationStatus): Promise<void> {
    const waitMs = this.#progress.delayMs(allocation, status, performance.now());
    if (waitMs > 0)
      throw new Waiting(
        waitMs,
        'Throttled',
        `Allocation ${keyOf(allocation)} has made progress, which is written later`,
      );
    await publish(this.#kinds.allocations, allocation, status);
  }

  #poolOf(allocation: Allocation, claimedIn: string | undefined) {
    const name = allocation.status?.reserved?.pool ?? claimedIn ?? allocation.spec.workers?.pool;
    return name === undefined ? defaultPool(this.#kinds.pools.store.list()) : this.#kinds.pools.get(name);
  }

  /** Who took over from it, and whether everything is theirs by now (contract T4). */
  #taker({ metadata }: Allocation): Seen['taker'] {
    const [taker] = this.#kinds.allocations.store.byIndex(INDEX.taken, metadata.uid);
    if (taker === undefined) return undefined;
    const claims = this.#kinds.workers.store.byIndex(INDEX.claimant, metadata.uid);
    const theirs = new Set(chosenWorkers(taker));
    const wished = (taker.spec.mcpServers ?? []).every((name) => this.#server(taker, name).wish !== undefined);
    return { name: taker.metadata.name, settled: wished && !claims.some((each) => theirs.has(each.metadata.name)) };
  }

  #isMarked(worker: Seen['claimed'][number], pool: Seen['pool']): boolean {
    const [node] = this.#kinds.nodes.store.byIndex(INDEX.machine, worker.metadata.uid);
    return node !== undefined && bearsClaim(node, { worker, pool });
  }

  #server(allocation: Allocation, name: string): Seen['servers'][number] {
    const namespace = allocation.metadata.namespace ?? '';
    return {
      name,
      server: this.#kinds.servers.get(`${namespace}/${name}`),
      wish: this.#kinds.wishes.get(`${namespace}/${wishName(allocation.metadata, name)}`),
    };
  }

  /** A reservation is shown by the pool before its Allocation says Ready (api.md); claims of free workers came with their pool's count. */
  #isCounted(allocation: Allocation, pool: Seen['pool']): boolean {
    if (pool === undefined || !isTrue(allocation.status?.conditions, 'QuotaReserved')) return true;
    if (allocation.status?.readyAt !== undefined) return true;
    return publishes(pool.status, this.#office.books.of(pool.metadata.name).ledger);
  }

  async #createWorker(name: string, { allocation, pool }: Seen): Promise<void> {
    const reserved = allocation.status?.reserved;
    if (reserved === undefined || pool === undefined) return;
    const draft = {
      apiVersion: API_VERSION,
      kind: 'BurstWorker' as const,
      metadata: {
        name,
        finalizers: [VM_FINALIZER],
        labels: { 'cortex.automation/pool': reserved.pool, 'cortex.automation/size': reserved.size },
      },
      spec: {
        pool: reserved.pool,
        size: reserved.size,
        claimable: false,
        deletionProtection: false,
        claimRef: claimOf(allocation),
      },
    };
    await this.#kinds.workers.create(draft).catch((error: unknown) => this.#ours(error, name, allocation));
  }

  /** "Already exists" is success only when the claim is ours (contract C1). */
  async #ours(error: unknown, name: string, allocation: Allocation): Promise<void> {
    if (!isAlreadyExists(error)) throw error;
    const there = await this.#kinds.workers.live(name);
    if (there.spec.claimRef?.uid === allocation.metadata.uid) return;
    throw new Stalled(
      'NameConflict',
      `BurstWorker ${name} exists and is not this Allocation's; delete it to let the Allocation go on`,
    );
  }

  /** A worker that is somebody's by now, or on its way out, is left alone: the next look sees it. */
  async #claim(name: string, allocation: Allocation): Promise<void> {
    const worker = this.#kinds.workers.get(name);
    if (worker !== undefined && isLeftTo(worker, allocation)) await claimWorker(this.#kinds, worker, allocation);
  }

  /** Under the version that was seen failed: one that meanwhile recovered stays. */
  async #deleteWorker(name: string): Promise<void> {
    const { uid, resourceVersion } = this.#kinds.workers.get(name)?.metadata ?? {};
    if (uid === undefined || resourceVersion === undefined) return;
    await gone(this.#kinds.workers.delete(name, { uid, resourceVersion }));
  }

  async #deleteWish(key: string): Promise<void> {
    const uid = this.#kinds.wishes.get(key)?.metadata.uid;
    if (uid === undefined) return;
    await gone(this.#kinds.wishes.delete(key, { uid }));
    this.#kinds.wishes.store.learnDeleted(key, uid);
  }

  async #createWish(server: string, allocation: Allocation): Promise<void> {
    const { metadata } = allocation;
    const draft = {
      apiVersion: API_VERSION,
      kind: 'McpServerScale' as const,
      metadata: {
        name: wishName(metadata, server),
        namespace: metadata.namespace ?? '',
        ownerReferences: [
          { apiVersion: API_VERSION, kind: 'Allocation', name: metadata.name, uid: metadata.uid, controller: true },
        ],
      },
      spec: { serverRef: { name: server }, replicas: 1, policy: 'AtLeast' as const, force: false, ttl: '' },
    };
    await this.#kinds.wishes.create(draft).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
}

/** What is gone already needs no deletion. */
async function gone(deletion: Promise<void>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
