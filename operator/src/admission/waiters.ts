import { type Classified, isEarmarked } from './classify.ts';
import { Line, type Ticket } from './line.ts';
import type { Refusal } from './pool-choice.ts';
import type { Candidate } from './queue.ts';
import { failsAtOnce } from './refuse.ts';

export interface Waiter {
  candidate: Candidate;
  /** It stands in a line, or it was refused for what no capacity would change; neither until it was looked at. */
  ticket?: Ticket | undefined;
  refused?: Refusal | undefined;
}

/** Everybody who waits, and who of them must be looked at. */
export class Waiters {
  readonly #all = new Map<string, Waiter>();
  readonly #lines = new Map<string, Line>();
  #fresh = new Set<string>();

  get someFresh(): boolean {
    return this.#fresh.size > 0;
  }

  get(uid: string): Waiter | undefined {
    return this.#all.get(uid);
  }

  line(pool: string): Line {
    const known = this.#lines.get(pool);
    if (known !== undefined) return known;
    const line = new Line();
    this.#lines.set(pool, line);
    return line;
  }

  isEmpty(pool: string): boolean {
    return (this.#lines.get(pool)?.size ?? 0) === 0;
  }

  refused(): Waiter[] {
    return this.#all
      .values()
      .filter(({ refused }) => refused !== undefined)
      .toArray();
  }

  /** Says whether it is new. What only its status tells changes nothing, unless it is what it keeps for itself. */
  take(candidate: Candidate): boolean {
    const { uid } = candidate.metadata;
    const known = this.#all.get(uid);
    if (known === undefined) this.#all.set(uid, { candidate });
    const before = known?.candidate;
    if (known !== undefined) known.candidate = candidate;
    if (known?.ticket !== undefined) known.ticket.candidate = candidate;
    if (before === undefined || isOther(candidate, before)) this.#fresh.add(uid);
    return known === undefined;
  }

  leave(uid: string): void {
    const waiter = this.#all.get(uid);
    if (waiter?.ticket !== undefined) this.#lineOf(waiter.ticket).remove(waiter.ticket);
    this.#all.delete(uid);
    this.#fresh.delete(uid);
  }

  lookAt(uid: string): void {
    if (this.#all.has(uid)) this.#fresh.add(uid);
  }

  lookAtAll(which: (candidate: Candidate) => boolean = () => true): void {
    for (const [uid, { candidate }] of this.#all) if (which(candidate)) this.#fresh.add(uid);
  }

  /** Those that must be looked at, once. */
  fresh(): Waiter[] {
    const fresh = [...this.#fresh].flatMap((uid) => this.#all.get(uid) ?? []);
    this.#fresh = new Set();
    return fresh;
  }

  place(waiter: Waiter, classified: Classified): void {
    if (waiter.ticket !== undefined) this.#lineOf(waiter.ticket).remove(waiter.ticket);
    waiter.ticket = classified.kind === 'Ticket' ? classified.ticket : undefined;
    waiter.refused = 'why' in classified ? classified.why : undefined;
    if (waiter.ticket !== undefined) this.#lineOf(waiter.ticket).add(waiter.ticket);
  }

  #lineOf({ pool }: Ticket): Line {
    return this.line(pool.metadata.name);
  }
}

const isOther = (now: Candidate, before: Candidate): boolean =>
  now.metadata.generation !== before.metadata.generation ||
  failsAtOnce(now) !== failsAtOnce(before) ||
  isEarmarked(now) !== isEarmarked(before);
