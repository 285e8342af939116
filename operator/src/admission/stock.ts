import type { BurstWorker } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Amount, atLeastNothing, minus, times } from './amount.ts';
import type { Ledger } from './ledger.ts';
import type { Ticket } from './line.ts';

/** What serving a ticket takes: free workers, and room for those that are made. */
export interface Taking {
  readonly free: readonly BurstWorker[];
  readonly created: number;
  readonly need: Amount;
}

/** What is left of a pool within one pass. */
export class Stock {
  #room: Amount;
  /** In the order of their ends. One that is taken costs no look at the others. */
  readonly #free: Set<BurstWorker>;
  readonly #now: Date;

  constructor({ available, free }: Ledger, now: Date) {
    this.#room = available;
    this.#free = new Set(free);
    this.#now = now;
  }

  get room(): Amount {
    return this.#room;
  }

  get free(): readonly BurstWorker[] {
    return [...this.#free];
  }

  /** Free workers first, those with the earliest end that still lasts as long as the claim needs (contract C1). */
  takingFor(ticket: Ticket): Taking {
    const wanted = Math.max(0, ticket.count - ticket.standing.length);
    const free = wanted === 0 || !mayClaim(ticket) ? [] : this.#lasting(ticket, wanted);
    const created = wanted - free.length;
    return { free, created, need: times(ticket.one, created) };
  }

  take({ free, need }: Taking): void {
    this.#room = atLeastNothing(minus(this.#room, need));
    this.without(free);
  }

  without(free: readonly BurstWorker[]): void {
    for (const worker of free) this.#free.delete(worker);
  }

  #lasting({ candidate, size, pool }: Ticket, most: number): readonly BurstWorker[] {
    const ttl = candidate.kind === 'Allocation' ? candidate.spec.ttl : '0s';
    const until = this.#now.getTime() + parseDuration(ttl) + parseDuration(pool.spec.drain.timeout);
    const longest = parseDuration(pool.spec.ttl.max);
    return this.#free
      .values()
      .filter(
        ({ spec, metadata }) =>
          (spec.size ?? pool.spec.defaultSize) === size.name &&
          Date.parse(metadata.creationTimestamp) + longest >= until,
      )
      .take(most)
      .toArray();
  }
}

const mayClaim = ({ candidate }: Ticket): boolean => candidate.kind === 'Allocation';
