import { ProviderError } from './errors.ts';
import type { Owner } from './provider.ts';

export interface Limits {
  /** The most machines that are made at the same time. */
  readonly inFlight: number;
  /** The most machines of this cluster there may be, whoever remembers them. Unset: no limit but that of the pool. */
  readonly machines?: number | undefined;
}

const AGAIN_MS = 1_000;
const ENOUGH_MS = 60_000;
/** A machine whose making was given up without a word is forgotten after so long. */
const FORGOTTEN_MS = 30 * 60_000;

/**
 * Who may make a machine now. What there is, is counted at the source, so that machines nobody remembers count too; what
 * is being made is counted here, because the source may not show it yet.
 */
export class Budget {
  readonly #making = new Map<string, number>();
  readonly #now: () => number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Lets the worker make its machine; throws Throttled while others are made, and Quota where there are enough. */
  async admit({ workerUid }: Owner, limits: Limits, count: () => Promise<ReadonlySet<string>>): Promise<void> {
    if (this.#making.has(workerUid)) return;
    const admitted = this.#turn.then(() => this.#admit(workerUid, limits, count));
    this.#turn = admitted.catch(() => undefined);
    await admitted;
  }

  /** Its machine is made, or goes. */
  done({ workerUid }: Owner): void {
    this.#making.delete(workerUid);
  }

  async #admit(workerUid: string, limits: Limits, count: () => Promise<ReadonlySet<string>>): Promise<void> {
    for (const [uid, since] of this.#making) if (this.#now() - since > FORGOTTEN_MS) this.#making.delete(uid);
    if (this.#making.size >= limits.inFlight)
      throw new ProviderError(
        'Throttled',
        'InFlight',
        `${limits.inFlight} machines are being made (provisioning.maxInFlight)`,
        {
          retryAfterMs: AGAIN_MS,
        },
      );
    if (limits.machines !== undefined) this.#assertBelow(limits.machines, workerUid, await count());
    this.#making.set(workerUid, this.#now());
  }

  #assertBelow(most: number, workerUid: string, there: ReadonlySet<string>): void {
    const all = new Set([...there, ...this.#making.keys()]);
    if (all.has(workerUid) || all.size < most) return;
    const message = `there are ${all.size} machines of this cluster, and maxMachines is ${most}: remove some, or raise it`;
    throw new ProviderError('Quota', 'EnoughMachines', message, { retryAfterMs: ENOUGH_MS });
  }
}
