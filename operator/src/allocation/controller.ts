import type { Allocation, AllocationStatus } from '@cortex/crds';
import { ANNOTATION, API_VERSION, VM_FINALIZER } from '@cortex/crds';
import { isAlreadyExists, isNotFound } from '../kube/errors.ts';
import { keyOf } from '../kube/object.ts';
import { publish } from '../published.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import type { Kinds } from '../stores.ts';
import { type Action, decide } from './decide.ts';
import { claimOf, claimWorker } from './claim.ts';
import { isLeftTo, nameConflict, type Seen } from './seen.ts';
import { wishName } from './names.ts';
import { Observation, type Sources } from './observation.ts';
import { ProgressGate } from './progress.ts';
import { report } from './status.ts';

/** Carries out what was admitted: workers, wishes, the Ready word, the end. */
export class AllocationRoom implements Room<Seen, Action, AllocationStatus> {
  readonly name = 'allocation';
  readonly #kinds: Kinds;
  readonly #observation: Observation;
  readonly #progress = new ProgressGate();

  constructor(sources: Sources) {
    this.#kinds = sources.kinds;
    this.#observation = new Observation(sources);
  }

  async observe(key: string): Promise<Seen | undefined> {
    const allocation = this.#kinds.allocations.get(key);
    if (allocation === undefined) this.#progress.forget(key);
    return allocation && this.#observation.of(allocation);
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

  async #createWorker(name: string, { allocation, pool }: Seen): Promise<void> {
    const reserved = allocation.status?.reserved;
    if (reserved === undefined || pool === undefined) return;
    const draft = {
      apiVersion: API_VERSION,
      kind: 'BurstWorker' as const,
      metadata: {
        name,
        ...tracedLike(allocation),
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
    const { reason, message } = nameConflict(name);
    throw new Stalled(reason, message);
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

/** What is made for an Allocation is part of the same trace, also when it outlives it. */
function tracedLike({ metadata }: Allocation): { annotations?: Record<string, string> } {
  const at = metadata.annotations?.[ANNOTATION.traceparent];
  return at === undefined ? {} : { annotations: { [ANNOTATION.traceparent]: at } };
}
