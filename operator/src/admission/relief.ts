import type { Allocation, BurstWorker } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { keyOf } from '../kube/object.ts';
import { type Amount, atLeastNothing, fitsIn, minus, NOTHING, plus } from './amount.ts';
import type { Ticket } from './line.ts';
import type { Refusal } from './pool-choice.ts';
import type { PoolBook } from './pool-book.ts';
import { conquestOf } from './preempt.ts';
import { holdsSlot, promisesOf } from './slots.ts';
import type { Clearing } from './verdict.ts';

/** Who gives back what. */
export interface Departures {
  readonly book: PoolBook;
  /** Whether the Allocation of this UID gives its workers back, or is no more. */
  readonly isOver: (uid: string) => boolean;
  /** Whether another Allocation takes over from the one of this UID. */
  readonly isTaken: (uid: string) => boolean;
  /** UIDs of workers whose deletion was asked for and not seen yet. */
  readonly retiring: ReadonlySet<string>;
}

/** How room is made for one that waits. */
export interface Relief {
  readonly clearings: readonly Clearing[];
  /** What is there and what comes is kept for it alone, and this is what it says meanwhile (contract A8). */
  readonly kept: Refusal | undefined;
  /** When another may be made to give way. */
  readonly notBefore: number | undefined;
}

const NONE: Relief = { clearings: [], kept: undefined, notBefore: undefined };

/** What comes back to a pool by itself, and who may be asked to give back more, within one pass. */
export class Reliefs {
  readonly #departures: Departures;
  readonly #leaving: ReadonlySet<string>;
  readonly #givingWay = new Set<string>();
  #coming: Amount;

  constructor(departures: Departures) {
    this.#departures = departures;
    const leaving = [...departures.book.workers].filter((worker) => holdsSlot(worker) && isLeaving(worker, departures));
    this.#leaving = new Set(leaving.map(({ metadata }) => metadata.name));
    this.#coming = this.#amountOf(leaving);
  }

  /** What comes back anyway is waited for; then free workers in the way go, the oldest first (contract C4); then others give way. */
  reliefFor(ticket: Ticket, missing: Amount, free: readonly BurstWorker[], now: Date): Relief {
    if (this.#suffices(missing, NOTHING)) return ticket.earmarked ? this.#kept(missing, [], STILL) : NONE;
    const retired = this.#inTheWay(missing, free);
    if (this.#suffices(missing, this.#amountOf(retired))) {
      const clearings = this.#retire(retired, ticket);
      return ticket.earmarked ? this.#kept(missing, clearings, STILL) : { ...NONE, clearings };
    }
    return this.#preempt(ticket, missing, retired, now);
  }

  #preempt(ticket: Ticket, missing: Amount, free: readonly BurstWorker[], now: Date): Relief {
    const { candidate } = ticket;
    if (candidate.kind !== 'Allocation') return NONE;
    const { victims, notBefore } = conquestOf(
      {
        ticket,
        need: missing,
        reach: plus(this.#coming, this.#amountOf(free)),
        holders: [...this.#departures.book.reserving].filter(({ metadata }) => this.#mayGiveWay(metadata.uid)),
        gainOf: (holder) => this.#gainOf(holder),
      },
      now,
    );
    if (victims.length === 0) return { ...NONE, notBefore };
    const why = preempting(victims);
    const clearings: Clearing[] = [...this.#retire(free, ticket), { kind: 'Preempt', candidate, victims, ...why }];
    this.#coming = plus(this.#coming, victims.map((victim) => this.#gainOf(victim)).reduce(plus, NOTHING));
    for (const { metadata } of victims) this.#givingWay.add(metadata.uid);
    return { ...this.#kept(missing, clearings, why), notBefore };
  }

  #kept(missing: Amount, clearings: readonly Clearing[], why: Refusal): Relief {
    this.#coming = atLeastNothing(minus(this.#coming, missing));
    return { ...NONE, clearings, kept: why };
  }

  #suffices(missing: Amount, more: Amount): boolean {
    return fitsIn(missing, plus(this.#coming, more));
  }

  /** The fewest of the free workers that make enough room, the oldest first; all of them where that is not enough. */
  #inTheWay(missing: Amount, free: readonly BurstWorker[]): readonly BurstWorker[] {
    const oldest = free.toSorted((a, b) => (born(a) < born(b) ? -1 : 1));
    const enough = oldest.findIndex((_, i) => this.#suffices(missing, this.#amountOf(oldest.slice(0, i + 1))));
    return enough < 0 ? oldest : oldest.slice(0, enough + 1);
  }

  #retire(workers: readonly BurstWorker[], { candidate }: Ticket): Clearing[] {
    this.#coming = plus(this.#coming, this.#amountOf(workers));
    return workers.map((worker) => ({ kind: 'Retire', candidate, worker }));
  }

  #amountOf(workers: readonly BurstWorker[]): Amount {
    return workers.map(({ metadata }) => this.#departures.book.usedBy(metadata.name)).reduce(plus, NOTHING);
  }

  #gainOf(holder: Allocation): Amount {
    return promisesOf(holder)
      .filter(([name]) => !this.#leaving.has(name))
      .map(([name]) => this.#departures.book.usedBy(name))
      .reduce(plus, NOTHING);
  }

  #mayGiveWay(uid: string): boolean {
    return !this.#departures.isTaken(uid) && !this.#givingWay.has(uid);
  }
}

const isLeaving = (worker: BurstWorker, { isOver, retiring }: Departures): boolean =>
  worker.metadata.deletionTimestamp !== undefined ||
  worker.status?.drain !== undefined ||
  retiring.has(worker.metadata.uid) ||
  isTrue(worker.status?.conditions, 'Drained') ||
  (worker.spec.claimRef !== undefined && isOver(worker.spec.claimRef.uid));

const born = ({ metadata }: BurstWorker): string => `${metadata.creationTimestamp} ${metadata.name}`;

const STILL: Refusal = { reason: 'Preempting', message: 'What gives way to it is on its way back' };

const preempting = (victims: readonly Allocation[]): Refusal => ({
  reason: 'Preempting',
  message: `${victims.map((victim) => `Allocation ${keyOf(victim)}`).join(', ')} of lower priority must give way; what comes back is kept for this one`,
});
