import type { Allocation } from '@cortex/crds';
import { type Classified, isEarmarked } from './classify.ts';
import { Line, type Ticket } from './line.ts';
import type { Candidate } from './queue.ts';
import { failsAtOnce } from './refuse.ts';

export interface Waiter {
  candidate: Candidate;
  /** Its place in a line; none where it was refused for what no capacity would change, or was not looked at yet. */
  ticket?: Ticket | undefined;
}

/** Everybody who waits, and who of them must be looked at. */
export class Waiters {
  readonly #all = new Map<string, Waiter>();
  readonly #lines = new Map<string, Line>();
  #fresh = new Set<string>();
  /** Refused for what no capacity would change, or not looked at yet. */
  readonly #outside = new Set<string>();

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

  /** Candidates in no line. */
  outside(): Candidate[] {
    return [...this.#outside].flatMap((uid) => this.#all.get(uid)?.candidate ?? []);
  }

  /** Those that must be looked at and have no place yet. */
  unplaced(): Waiter[] {
    return [...this.#fresh].flatMap((uid) => this.#all.get(uid) ?? []).filter(({ ticket }) => ticket === undefined);
  }

  /** Allocations in the line of this pool, and those outside every line that ask for it. */
  pendingIn(
    pool: string,
    asksFor: (allocation: Allocation) => string | undefined,
  ): { readonly pending: number; readonly oldestSince: string | undefined } {
    const outside = this.outside().flatMap((candidate) =>
      candidate.kind === 'Allocation' && asksFor(candidate) === pool ? [candidate.metadata.creationTimestamp] : [],
    );
    const { pending, oldestSince = [] } = this.line(pool);
    return { pending: pending + outside.length, oldestSince: outside.concat(oldestSince).toSorted()[0] };
  }

  /** Says whether it is new. What only its status tells changes nothing, unless it is what it keeps for itself. */
  take(candidate: Candidate): boolean {
    const { uid } = candidate.metadata;
    const known = this.#all.get(uid);
    if (known === undefined) {
      this.#all.set(uid, { candidate });
      this.#outside.add(uid);
    }
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
    this.#outside.delete(uid);
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
    if (waiter.ticket === undefined) this.#outside.add(waiter.candidate.metadata.uid);
    else this.#outside.delete(waiter.candidate.metadata.uid);
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
