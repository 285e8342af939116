import type { PodDisruptionBudget } from '../kube/core.ts';
import { allowance } from './budgets.ts';

interface Taken {
  /** Of the budget as it was then: once it has changed, it counts them itself. */
  readonly version: string;
  readonly count: number;
  /** A pod that is not healthy goes without changing its budget. */
  readonly until: number;
}

/** By then the copy of a budget has changed, if it changes at all. */
const SHOWN_MS = 1_000;

/**
 * What was asked of budgets and is not seen in them yet, by their UID and from all Nodes that are emptied at once: or every one
 * of a hundred Nodes would ask for the one pod that a budget lets go (contract D10).
 */
export class UnderWay {
  readonly #asked = new Map<string, number>();
  readonly #taken = new Map<string, Taken>();

  /** To be told whether the eviction was accepted; undefined where one of its budgets lets no further pod go at this time. */
  begin(budgets: readonly PodDisruptionBudget[], now: Date): ((accepted: boolean, then: Date) => void) | undefined {
    if (budgets.some((budget) => this.#count(budget, now) >= allowance(budget))) return undefined;
    for (const { metadata } of budgets) this.#asked.set(metadata.uid, (this.#asked.get(metadata.uid) ?? 0) + 1);
    return (accepted, then) => {
      for (const budget of budgets) this.#end(budget, accepted, then);
    };
  }

  /** The budget is gone. */
  forget(uid: string): void {
    this.#taken.delete(uid);
  }

  #count({ metadata }: PodDisruptionBudget, now: Date): number {
    return (this.#asked.get(metadata.uid) ?? 0) + this.#takenOf(metadata, now);
  }

  #takenOf({ uid, resourceVersion }: PodDisruptionBudget['metadata'], now: Date): number {
    const taken = this.#taken.get(uid);
    if (taken === undefined) return 0;
    if (taken.version === resourceVersion && taken.until > now.getTime()) return taken.count;
    this.#taken.delete(uid);
    return 0;
  }

  #end({ metadata }: PodDisruptionBudget, accepted: boolean, now: Date): void {
    const { uid, resourceVersion: version } = metadata;
    const left = (this.#asked.get(uid) ?? 0) - 1;
    if (left > 0) this.#asked.set(uid, left);
    else this.#asked.delete(uid);
    if (!accepted) return;
    const count = this.#takenOf(metadata, now) + 1;
    this.#taken.set(uid, { version, count, until: now.getTime() + SHOWN_MS });
  }
}
