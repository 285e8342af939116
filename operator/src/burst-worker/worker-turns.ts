import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { Waiting } from '../runtime/outcome.ts';
import { Turns } from '../runtime/turns.ts';
import { INDEX, type Kinds } from '../stores.ts';
import type { PoolBackoff } from './pool-backoff.ts';
import { takesDrainSlot, takesRaiseSlot } from './slots.ts';

const LOOK_AGAIN_MS = 10_000;

/** What only so many workers of a pool do at once. */
const LANES = {
  raise: { index: INDEX.raising, takesSlot: takesRaiseSlot },
  drain: { index: INDEX.draining, takesSlot: takesDrainSlot },
} as const;

type LaneName = keyof typeof LANES;

/** Who of a pool may be raised or drained now (contract D18): what is under way is read from the workers themselves. */
export class WorkerTurns {
  readonly #turns = new Turns();
  readonly #kinds: Kinds;
  readonly #backoff: PoolBackoff;
  readonly #wake: (key: string) => void;

  /** `wake` is told whose turn may have come. */
  constructor(kinds: Kinds, backoff: PoolBackoff, wake: (key: string) => void) {
    this.#kinds = kinds;
    this.#backoff = backoff;
    this.#wake = wake;
    kinds.workers.store.onChange((key, now, before) => {
      for (const lane of ['raise', 'drain'] as const) this.#follow(lane, key, now, before);
    });
  }

  /** Throws Waiting while the pool makes as many machines as it may, or waits because making them fails. */
  askToRaise(worker: BurstWorker, pool: WorkerPool, now: Date): void {
    const { name } = pool.metadata;
    const waitMs = this.#backoff.until(name) - now.getTime();
    if (waitMs > 0)
      throw new Waiting(waitMs, 'Backoff', `Machines of WorkerPool ${name} fail; it waits before it makes the next`);
    const most = pool.spec.provisioning.maxInFlight;
    if (!this.#ask('raise', worker, Date.parse(worker.metadata.creationTimestamp), most))
      throw new Waiting(LOOK_AGAIN_MS, 'Turn', `WorkerPool ${name} makes ${most} machines at a time`);
  }

  /** The longest overdue go first (contract T9). */
  mayDrain(worker: BurstWorker, pool: WorkerPool | undefined, now: Date): boolean {
    const due = worker.metadata.deletionTimestamp ?? worker.status?.expiresAt;
    const since = due === undefined ? now.getTime() : Math.min(now.getTime(), Date.parse(due));
    return this.#ask('drain', worker, since, pool?.spec.drain.maxConcurrent ?? 1);
  }

  /** It is to go no longer. */
  stays({ metadata, spec }: BurstWorker): void {
    this.#turns.leave(nameOf('drain', spec.pool), metadata.name);
  }

  #ask(lane: LaneName, { metadata, spec }: BurstWorker, since: number, most: number): boolean {
    const underWay = this.#kinds.workers.store.byIndex(LANES[lane].index, spec.pool).length;
    return this.#turns.ask(nameOf(lane, spec.pool), metadata.name, since, underWay, most);
  }

  #follow(lane: LaneName, key: string, now: BurstWorker | undefined, before: BurstWorker | undefined): void {
    const name = nameOf(lane, (now ?? before)?.spec.pool ?? '');
    const { takesSlot } = LANES[lane];
    const takes = now !== undefined && takesSlot(now);
    if (takes || now === undefined) this.#turns.leave(name, key);
    if (before !== undefined && takesSlot(before) && !takes)
      for (const waiting of this.#turns.next(name, 1)) this.#wake(waiting);
  }
}

const nameOf = (lane: LaneName, pool: string): string => `${lane} ${pool}`;
