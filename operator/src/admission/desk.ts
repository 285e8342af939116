import type { WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Amount, atLeastNothing, minus, plus, times } from './amount.ts';
import type { Ledger } from './ledger.ts';
import type { Line, Ticket, Walk } from './line.ts';
import type { Refusal } from './pool-choice.ts';
import { isStrict, isWarm } from './queue.ts';
import { behind, refuse } from './refuse.ts';
import { type Departures, Reliefs } from './relief.ts';
import { exceedsLimits, insufficient } from './sentences.ts';
import { promisesOf } from './slots.ts';
import { Stock, type Taking } from './stock.ts';
import type { Verdict } from './verdict.ts';

/** One pool, as a pass over it needs to know it. */
export interface Counter extends Departures {
  readonly pool: WorkerPool;
  readonly ledger: Ledger;
  readonly line: Line;
  /** Those that were not told anything yet, or must be told anew. */
  readonly fresh: readonly Ticket[];
}

export interface Served {
  readonly verdicts: readonly Verdict[];
  /** When time alone may change a verdict. */
  readonly next: number | undefined;
}

/** Serves those that wait for one pool, in order, until nobody else fits (contracts A5, A6). */
export function serve(counter: Counter, now: Date): Served {
  const desk = new Desk(counter, now);
  desk.serve();
  return desk;
}

class Desk implements Served {
  readonly verdicts: Verdict[] = [];
  next: number | undefined;
  readonly #counter: Counter;
  readonly #now: Date;
  readonly #stock: Stock;
  readonly #answered = new Set<Ticket>();
  #reliefs: Reliefs | undefined;
  #closedBy: Ticket | undefined;
  #someoneWaits = false;

  constructor(counter: Counter, now: Date) {
    this.#counter = counter;
    this.#now = now;
    this.#stock = new Stock(counter.ledger, now);
  }

  serve(): void {
    const walk = this.#counter.line.walk();
    for (let ticket = walk.next(); ticket !== undefined && this.#closedBy === undefined; ticket = walk.next())
      this.#serve(ticket, walk);
    for (const ticket of this.#counter.fresh) if (!this.#answered.has(ticket)) this.#refuse(ticket, this.#why(ticket));
  }

  #serve(ticket: Ticket, walk: Walk): void {
    const taking = this.#stock.takingFor(ticket);
    const why = this.#why(ticket, taking);
    if (why === undefined) return this.#admit(ticket, taking);
    if (refuse(ticket.candidate, why, this.#now).kind === 'Fail') return this.#refuse(ticket, why);
    walk.skipAlike();
    if (why.reason === 'ExceedsMaxQuota' || isWarm(ticket.candidate)) return this.#refuse(ticket, why);
    this.#hold(ticket, taking, why);
  }

  #admit(ticket: Ticket, taking: Taking): void {
    this.#stock.take(taking);
    const { candidate, pool, size, predecessor } = ticket;
    if (candidate.kind === 'BurstWorker') this.#answer(ticket, { kind: 'AdmitWorker', candidate, pool, size });
    else if (taking.created === 0 && predecessor.state === 'None')
      this.#answer(ticket, { kind: 'Claim', candidate, workers: taking.free });
    else {
      const standing = [...ticket.standing, ...taking.free];
      this.#answer(ticket, { kind: 'Reserve', candidate, standing, predecessor, pool, size });
    }
  }

  /** It waits: room is made for it where that is allowed, and its age may close the pool to those behind it. */
  #hold(ticket: Ticket, taking: Taking, why: Refusal): void {
    this.#someoneWaits = true;
    this.#unclaim(ticket);
    const missing = atLeastNothing(minus(taking.need, this.#room(ticket)));
    this.#reliefs ??= new Reliefs(this.#counter);
    const free = this.#stock.free.filter((worker) => !taking.free.includes(worker));
    const { clearings, kept, notBefore } = this.#reliefs.reliefFor(ticket, missing, free, this.#now);
    this.verdicts.push(...clearings);
    this.#stock.without(clearings.flatMap((each) => (each.kind === 'Retire' ? each.worker : [])));
    this.#wake(notBefore);
    this.#refuse(ticket, kept ?? why);
    if (kept !== undefined) this.#stock.take(taking);
    else if (this.#isStrict(ticket)) this.#closedBy = ticket;
  }

  #isStrict({ candidate }: Ticket): boolean {
    const { queue } = this.#counter.pool.spec;
    return isStrict(queue, parseDuration(queue.ageAfter), candidate, this.#now);
  }

  /** A claim that cannot be completed is taken back, so that two halves do not wait for each other (contract A3). */
  #unclaim({ candidate, predecessor, standing }: Ticket): void {
    if (candidate.kind !== 'Allocation' || predecessor.state === 'Live') return;
    for (const worker of standing) this.verdicts.push({ kind: 'Unclaim', candidate, worker });
  }

  #refuse(ticket: Ticket, why: Refusal | undefined): void {
    if (why !== undefined) this.#answer(ticket, refuse(ticket.candidate, why, this.#now));
  }

  #answer(ticket: Ticket, verdict: Verdict): void {
    this.#answered.add(ticket);
    this.verdicts.push(verdict);
  }

  /** Why it is not served, if so: the pool is too small for it, somebody goes first, or too little is left. */
  #why(ticket: Ticket, { need, created }: Taking = this.#stock.takingFor(ticket)): Refusal | undefined {
    const { one, count, candidate } = ticket;
    const beyond = exceedsLimits(times(one, count), this.#counter.ledger.total);
    if (beyond !== undefined) return beyond;
    const head = this.#closedBy?.candidate;
    if (head !== undefined) return behind(head, count, this.#stock.room.workers + this.#stock.free.length);
    return this.#someoneWaits && isWarm(candidate) ? YIELDS : insufficient(need, this.#room(ticket), count - created);
  }

  /** A taker also has what its predecessor was promised and never began to make (contract T4). */
  #room({ predecessor }: Ticket): Amount {
    if (predecessor.state !== 'Live') return this.#stock.room;
    return promisesOf(predecessor.allocation)
      .map(([name]) => this.#counter.book.openUnder(name))
      .reduce(plus, this.#stock.room);
  }

  #wake(moment: number | undefined): void {
    if (moment !== undefined) this.next = Math.min(moment, this.next ?? moment);
  }
}

/** Warm workers are made from what nobody waits for (contract C4). */
const YIELDS: Refusal = {
  reason: 'WaitingForQuota',
  message: 'Requests wait for this pool, and come before its warm workers',
};
