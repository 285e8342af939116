import type { Answer, PodAction, PodRef, Refused } from './input.ts';

interface Kept extends Refused {
  readonly pod: PodRef;
  readonly times: number;
}

/** What the API server refused, by pod UID, until the pod is gone. */
export class Refusals {
  readonly #byPod = new Map<string, Kept>();

  get byPod(): ReadonlyMap<string, Refused> {
    return this.#byPod;
  }

  /** The pods that this budget holds back, as `namespace/name`. */
  heldBy(budget: string): PodRef[] {
    return [...this.#byPod.values()].filter((kept) => kept.budget?.key === budget).map(({ pod }) => pod);
  }

  add(
    { pod, kind }: Pick<PodAction, 'pod' | 'kind'>,
    { by, message }: Extract<Answer, { kind: 'Refused' }>,
    budget: Refused['budget'],
    now: Date,
  ): void {
    const { uid } = pod;
    const before = this.#byPod.get(uid);
    const times = before?.times ?? 0;
    this.#byPod.set(uid, {
      pod,
      until: new Date(now.getTime() + retryDelayMs(times, uid)),
      since: before?.since ?? now,
      reason: by === 'Budgets' ? 'MultiplePDBs' : 'PodsBlocked',
      message,
      ...(by === 'Budget' && budget !== undefined ? { budget } : {}),
      ...(kind === 'Delete' ? { deletion: true } : {}),
      times: times + 1,
    });
  }

  forget(uid: string): void {
    this.#byPod.delete(uid);
  }
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long after the n-th refusal an eviction is tried again: 1 s to 30 s, spread by the pod so that a herd parts (contract D10). */
export function retryDelayMs(refusals: number, podUid: string): number {
  const ceiling = Math.min(FIRST_MS * 2 ** Math.min(refusals, 10), LONGEST_MS);
  const spread = (Number.parseInt(podUid.replaceAll('-', '').slice(-4), 16) || 0) / 0xffff;
  return Math.round(ceiling / 2 + (ceiling / 2) * spread);
}
