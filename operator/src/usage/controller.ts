import type { BurstWorker } from '@cortex/crds';
import type { Pod } from '../kube/core.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { countedAt, isAsWritten, untilDue, type Usage } from './usage.ts';

interface Seen {
  readonly worker: BurstWorker;
  readonly pods: readonly Pod[];
}

/**
 * Keeps what the pods of Ready workers request up to date. It is written apart from what a worker's life costs and by itself
 * alone: while a Node is emptied, the drain counts its pods.
 */
export class UsageRoom implements Room<Seen, never, Usage> {
  readonly name = 'usage';
  readonly #kinds: Kinds;

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const worker = this.#kinds.workers.get(key);
    const node = worker?.status?.nodeName;
    const isReady = worker?.status?.phase === 'Ready' && worker.metadata.deletionTimestamp === undefined;
    if (!isReady || node === undefined) return undefined;
    return { worker, pods: this.#kinds.pods.store.byIndex(INDEX.node, node) };
  }

  decide({ worker, pods }: Seen, now: Date): Decision<never> {
    const dueMs = untilDue(worker.status?.usage?.observedAt, now);
    return dueMs === 0 || isAsWritten(worker.status?.usage, pods)
      ? { actions: [] }
      : { actions: [], requeueAfterMs: dueMs };
  }

  async perform(): Promise<void> {
    return undefined;
  }

  report({ worker, pods }: Seen, _actions: readonly never[], _failure: unknown, now: Date): Usage | undefined {
    const { usage } = worker.status ?? {};
    return untilDue(usage?.observedAt, now) > 0 || isAsWritten(usage, pods) ? undefined : countedAt(pods, now);
  }

  /** Of this worker alone, whatever else it says meanwhile. */
  async publish({ worker }: Seen, usage: Usage): Promise<void> {
    await this.#kinds.workers.patchStatus(worker, { metadata: { uid: worker.metadata.uid }, status: { usage } });
  }
}
