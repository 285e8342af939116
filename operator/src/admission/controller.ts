import type { Allocation, BurstWorker, BurstWorkerStatus } from '@cortex/crds';
import { VM_FINALIZER } from '@cortex/crds';
import { claimWorker } from '../allocation/claim.ts';
import { hasFailed, isHeld, isUsable } from '../allocation/seen.ts';
import { failed, failing, reservation, waiting } from '../allocation/verdicts.ts';
import { conditionOf, isTrue, withConditions } from '../conditions.ts';
import { publish } from '../published.ts';
import { eachBounded } from '../runtime/bounded.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { admit, queueDeadline, type Verdict, type World } from './admit.ts';
import { holdsSlot } from './ledger.ts';
import type { Catalog, PoolChoice, Refusal } from './pool-choice.ts';
import type { Candidate } from './queue.ts';

const IN_FLIGHT = 64;

/** Throws when this process may not make a write that reserves, because its lease could end meanwhile (contract S10). */
export type Fence = () => void;

/**
 * The one loop that gives capacity away (contracts C5, A4). A pass reads all that waits, decides, writes in parallel, and
 * ends when every write is answered; what could not be written is simply seen waiting again in the next pass.
 */
export class AdmissionLoop {
  readonly #kinds: Kinds;
  readonly #fence: Fence;
  readonly #lacks: Catalog['lacks'];

  constructor(kinds: Kinds, fence: Fence, lacks: Catalog['lacks']) {
    this.#kinds = kinds;
    this.#fence = fence;
    this.#lacks = lacks;
  }

  /** One pass. Answers in how many milliseconds time alone could change a verdict. */
  async pass(now: Date): Promise<number | undefined> {
    const candidates = this.candidates();
    if (candidates.length === 0) return undefined;
    this.#fence();
    const verdicts = admit(candidates, this.#world(), now);
    const failures = await eachBounded(verdicts, IN_FLIGHT, async (verdict) => await this.#perform(verdict, now));
    if (failures[0] !== undefined) throw failures[0];
    return nextMoment(candidates, now);
  }

  candidates(): Candidate[] {
    return [
      ...this.#kinds.allocations.store.list().filter((allocation) => isWaiting(allocation, this.#claims(allocation))),
      ...this.#kinds.workers.store.list().filter(isUnadmitted),
    ];
  }

  #claims({ metadata }: Allocation): BurstWorker[] {
    return this.#kinds.workers.store.byIndex(INDEX.claimant, metadata.uid);
  }

  #world(): World {
    const { pools, allocations, workers, namespaces } = this.#kinds;
    return {
      pools: pools.store.list(),
      allocations: allocations.store.list(),
      workers: workers.store.list(),
      labelsOf: (namespace) => namespaces.get(namespace)?.metadata.labels,
      lacks: this.#lacks,
    };
  }

  async #perform(verdict: Verdict, now: Date): Promise<void> {
    switch (verdict.kind) {
      case 'Claim':
        await Promise.all(
          verdict.workers.map(({ metadata }) => claimWorker(this.#kinds, metadata.name, verdict.allocation)),
        );
        return;
      case 'Reserve': {
        const own = this.#claims(verdict.allocation).filter((worker) => holdsSlot(worker) && isUsable(worker));
        const status = reservation(verdict.allocation, verdict, verdict.chosen, own, now);
        await publish(this.#kinds.allocations, verdict.allocation, status);
        return;
      }
      case 'AdmitWorker':
        return await this.#admitWorker(verdict.worker, verdict, now);
      case 'Wait':
        return await this.#say(verdict.candidate, verdict, now);
      case 'Fail':
        return await this.#fail(verdict.candidate, verdict, now);
    }
  }

  /** The finalizer is there before the slot is: a worker that may get a VM can no longer vanish. */
  async #admitWorker(worker: BurstWorker, { size }: PoolChoice, now: Date): Promise<void> {
    const finalizers = worker.metadata.finalizers ?? [];
    const { resourceVersion, uid } = worker.metadata;
    const held = finalizers.includes(VM_FINALIZER)
      ? worker
      : await this.#kinds.workers.patch(worker, {
          metadata: { resourceVersion, uid, finalizers: [...finalizers, VM_FINALIZER] },
        });
    await publish(this.#kinds.workers, held, {
      ...held.status,
      phase: 'Requested',
      resources: { cpu: size.cpu, memory: size.memory, ...(size.disk === undefined ? {} : { disk: size.disk }) },
      conditions: withConditions(
        held.status?.conditions,
        [{ type: 'Admitted', status: true, reason: 'Admitted', message: 'Its slot is reserved' }],
        held.metadata.generation,
        now,
      ),
    });
  }

  /** A write happens only when the reason changes, not with every turn of the queue (contract A7). */
  async #say(candidate: Candidate, why: Refusal, now: Date): Promise<void> {
    if (alreadySays(candidate, why)) return;
    if (candidate.kind === 'Allocation')
      await publish(this.#kinds.allocations, candidate, waiting(candidate, why, now));
    else await publish(this.#kinds.workers, candidate, unready(candidate, 'Requested', why, now));
  }

  async #fail(candidate: Candidate, why: Refusal, now: Date): Promise<void> {
    if (candidate.kind === 'Allocation')
      await publish(
        this.#kinds.allocations,
        candidate,
        this.#claims(candidate).length === 0 ? failed(candidate, why, now) : failing(candidate, why, now),
      );
    else await publish(this.#kinds.workers, candidate, unready(candidate, 'Failed', why, now));
  }
}

const isWaiting = (allocation: Allocation, claimed: readonly BurstWorker[]): boolean =>
  allocation.metadata.deletionTimestamp === undefined &&
  !isTrue(allocation.status?.conditions, 'Finished') &&
  !hasFailed(allocation) &&
  !isHeld({ allocation, claimed });

const isUnadmitted = (worker: BurstWorker): boolean =>
  worker.metadata.deletionTimestamp === undefined &&
  worker.spec.claimRef === undefined &&
  worker.status?.phase !== 'Failed' &&
  !isTrue(worker.status?.conditions, 'Admitted');

function alreadySays({ status, metadata }: Candidate, why: Refusal): boolean {
  const said = conditionOf(status?.conditions, 'Ready');
  return (
    said?.status === 'False' && said.reason === why.reason && said.observedGeneration === (metadata.generation ?? 0)
  );
}

const unready = (worker: BurstWorker, phase: 'Requested' | 'Failed', why: Refusal, now: Date): BurstWorkerStatus => ({
  ...worker.status,
  phase,
  conditions: withConditions(
    worker.status?.conditions,
    [{ type: 'Ready', status: false, ...why }],
    worker.metadata.generation,
    now,
  ),
});

function nextMoment(candidates: readonly Candidate[], now: Date): number | undefined {
  const moments = candidates
    .flatMap((candidate) => queueDeadline(candidate) ?? [])
    .filter((moment) => moment > now.getTime());
  return moments.length === 0 ? undefined : Math.min(...moments) - now.getTime();
}
