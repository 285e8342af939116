import type { BurstWorkerStatus } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { publish } from '../published.ts';
import { Waiting } from '../runtime/outcome.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { Actions } from './actions.ts';
import { ClaimGate } from './claim-gate.ts';
import { type Action, decide } from './decide.ts';
import { Observation, type Sources } from './observation.ts';
import type { PoolBackoff } from './pool-backoff.ts';
import { DrainProgressGate } from '../drain/progress.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

/** One VM that becomes one Node: raised, marked, drained, removed, never the wrong one. */
export class BurstWorkerRoom implements Room<Seen, Action, BurstWorkerStatus> {
  readonly name = 'burst-worker';
  readonly #sources: Sources;
  readonly #backoff: PoolBackoff;
  readonly #observation: Observation;
  readonly #actions: Actions;
  readonly #progress = new DrainProgressGate();
  readonly #claims = new ClaimGate();

  constructor(sources: Sources, backoff: PoolBackoff) {
    this.#sources = sources;
    this.#backoff = backoff;
    this.#observation = new Observation(sources);
    this.#actions = new Actions(sources);
  }

  async observe(key: string): Promise<Seen | undefined> {
    const worker = this.#sources.kinds.workers.get(key);
    return worker && (await this.#observation.of(worker));
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    await this.#actions.perform(action, seen);
  }

  /** A Node that was marked just now is looked at again as it is: what it and the claim change is said in one write. */
  report(seen: Seen, actions: readonly Action[], failure: unknown, now: Date): BurstWorkerStatus | undefined {
    if (failure === undefined && actions.some(({ kind }) => kind === 'MarkNode')) return undefined;
    const status = report(seen, failure, now);
    return status && this.#progress.admits(seen.worker.metadata.uid, seen.worker.status, status, now)
      ? status
      : undefined;
  }

  async publish(seen: Seen, status: BurstWorkerStatus): Promise<void> {
    const heldMs = this.#claims.heldMs(seen.worker, status, this.#sources.now());
    if (heldMs > 0) throw new Waiting(heldMs, 'Claimed', 'A claim is written into the status with the next news');
    await publish(this.#sources.kinds.workers, seen.worker, status);
    this.#learn(seen, status);
  }

  /** Whether making machines works in this pool is told by how attempts end. */
  #learn({ worker }: Seen, status: BurstWorkerStatus): void {
    const attempt = (status.vm?.attempt ?? 1) > (worker.status?.vm?.attempt ?? 1);
    const fails = status.phase === 'Failed' && isTrue(status.conditions, 'VmGone');
    if (attempt || fails) this.#backoff.failed(worker.spec.pool, this.#sources.now());
    else if (status.phase === 'Ready') this.#backoff.succeeded(worker.spec.pool);
  }
}
