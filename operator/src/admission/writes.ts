import type { Allocation, BurstWorker } from '@cortex/crds';
import { VM_FINALIZER } from '@cortex/crds';
import { claimWorker } from '../allocation/claim.ts';
import { hasFailed } from '../allocation/seen.ts';
import { failed, failing, reservation, succession, waiting } from '../allocation/verdicts.ts';
import { conditionOf, isTrue } from '../conditions.ts';
import { keyOf } from '../kube/object.ts';
import { publish } from '../published.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { Doubts, liveOrGone } from './doubts.ts';
import type { Office } from './office.ts';
import type { PoolChoice, Refusal } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import type { Predecessor, Verdict } from './verdict.ts';
import { admittedWorker, unadmittedWorker } from './worker-words.ts';

/** Carries out what was decided, each verdict under the version of the object that it was decided on. */
export class AdmissionWrites {
  readonly #kinds: Kinds;
  readonly #office: Office;
  readonly #doubts = new Doubts();

  constructor(kinds: Kinds, office: Office) {
    this.#kinds = kinds;
    this.#office = office;
  }

  /** Before anything else is decided it is known which of the writes happened whose answers were lost (contract A4). */
  async settle(): Promise<void> {
    await this.#doubts.settle();
  }

  async perform(verdict: Verdict, now: Date): Promise<void> {
    switch (verdict.kind) {
      case 'Claim':
        await Promise.all(verdict.workers.map((worker) => this.#claim(worker, verdict.candidate)));
        return;
      case 'Reserve':
      case 'Succeed':
        return await this.#reserve(verdict, now);
      case 'AdmitWorker':
        return await this.#admitWorker(verdict.candidate, verdict, now);
      case 'Unclaim':
        return await this.#claim(verdict.worker, undefined);
      case 'Retire':
        return await this.#retire(verdict.worker);
      case 'Preempt':
        return await this.#preempt(verdict.candidate, verdict.victims, verdict, now);
      case 'Wait':
        return await this.#say(verdict.candidate, verdict, now);
      case 'Fail':
        return await this.#fail(verdict.candidate, verdict, now);
    }
  }

  async #claim(worker: BurstWorker, candidate: Allocation | undefined): Promise<void> {
    const { workers } = this.#kinds;
    await this.#doubts.write(workers, worker, async () => await claimWorker(this.#kinds, worker, candidate));
  }

  async #reserve(verdict: Extract<Verdict, { kind: 'Reserve' | 'Succeed' }>, now: Date): Promise<void> {
    const { candidate, predecessor } = verdict;
    if (!(await this.#isStillThere(predecessor))) return this.#office.again(verdict);
    const status =
      verdict.kind === 'Reserve'
        ? reservation(candidate, verdict, verdict.standing, predecessor, now)
        : succession(candidate, predecessor, now);
    await this.#doubts.publish(this.#kinds.allocations, candidate, status);
  }

  /** The one look at the API server itself before a hand-over (contract T4). What it finds is learned, so that it is decided anew. */
  async #isStillThere(predecessor: Predecessor): Promise<boolean> {
    if (predecessor.state !== 'Live') return true;
    const { allocation: old } = predecessor;
    const { store } = this.#kinds.allocations;
    const live = await liveOrGone(this.#kinds.allocations, old);
    if (live === undefined) store.learnDeleted(keyOf(old), old.metadata.uid);
    else store.learn(live);
    return (
      live?.metadata.uid === old.metadata.uid &&
      live.metadata.deletionTimestamp === undefined &&
      !isTrue(live.status?.conditions, 'Finished') &&
      !hasFailed(live)
    );
  }

  /** The finalizer is there before the slot is: a worker that may get a VM can no longer vanish. */
  async #admitWorker(worker: BurstWorker, choice: PoolChoice, now: Date): Promise<void> {
    const finalizers = worker.metadata.finalizers ?? [];
    const { resourceVersion, uid } = worker.metadata;
    const held = finalizers.includes(VM_FINALIZER)
      ? worker
      : await this.#kinds.workers.patch(worker, {
          metadata: { resourceVersion, uid, finalizers: [...finalizers, VM_FINALIZER] },
        });
    await this.#doubts.publish(this.#kinds.workers, held, admittedWorker(held, choice, now));
  }

  /** The workers of a job that gives way come back on their own: what is written here is that it must (contract A8). */
  async #preempt(candidate: Allocation, victims: readonly Allocation[], why: Refusal, now: Date): Promise<void> {
    await this.#say(candidate, why, now); // kept for it before anything comes back
    const message = `Allocation ${keyOf(candidate)} of priority ${candidate.spec.priority} took its place`;
    await Promise.all(
      victims.map((victim) =>
        publish(this.#kinds.allocations, victim, failing(victim, { reason: 'Preempted', message }, now)),
      ),
    );
  }

  async #retire(worker: BurstWorker): Promise<void> {
    const { name, uid, resourceVersion } = worker.metadata;
    this.#office.retiring(worker, true);
    try {
      await this.#kinds.workers.delete(name, { uid, resourceVersion });
    } catch (error) {
      this.#office.retiring(worker, false);
      throw error;
    }
  }

  /** A write happens only when the reason changes, not with every turn of the queue (contract A7). */
  async #say(candidate: Candidate, why: Refusal, now: Date): Promise<void> {
    if (alreadySays(candidate, why)) return;
    if (candidate.kind === 'Allocation')
      await publish(this.#kinds.allocations, candidate, waiting(candidate, why, now));
    else await publish(this.#kinds.workers, candidate, unadmittedWorker(candidate, 'Requested', why, now));
  }

  async #fail(candidate: Candidate, why: Refusal, now: Date): Promise<void> {
    if (candidate.kind === 'BurstWorker')
      return void (await publish(this.#kinds.workers, candidate, unadmittedWorker(candidate, 'Failed', why, now)));
    const holds = this.#kinds.workers.store.byIndex(INDEX.claimant, candidate.metadata.uid).length > 0;
    await publish(this.#kinds.allocations, candidate, (holds ? failing : failed)(candidate, why, now));
  }
}

function alreadySays({ status, metadata }: Candidate, why: Refusal): boolean {
  const said = conditionOf(status?.conditions, 'Ready');
  return (
    said?.status === 'False' && said.reason === why.reason && said.observedGeneration === (metadata.generation ?? 0)
  );
}
