import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { Heap } from '../runtime/heap.ts';
import type { Amount } from './amount.ts';
import { type Candidate, compareTurns, type Turn } from './queue.ts';
import type { Predecessor } from './verdict.ts';

/** A candidate with everything that its pool needs to know of it. */
export interface Ticket {
  /** As it was seen last. */
  candidate: Candidate;
  readonly turn: Turn;
  readonly pool: WorkerPool;
  readonly size: WorkerPool['spec']['sizes'][number];
  readonly count: number;
  readonly one: Amount;
  /** Workers that stand for it already: claimed by it before a crash, or those of its predecessor. */
  readonly standing: readonly BurstWorker[];
  readonly predecessor: Predecessor;
  /** Candidates of one shape need the same, so where one does not fit none behind it does. */
  readonly shape: string;
  /** What freed capacity is kept for it until it is admitted or withdrawn (contract A8). */
  readonly earmarked: boolean;
}

/**
 * Who waits for a pool, in order. Kept by shape, so that a pass looks at the first of each shape and not at everybody:
 * fifteen thousand that wait for the same cost one look (contract C5).
 */
export class Line {
  readonly #byShape = new Map<string, Ticket[]>();
  #size = 0;
  #workers = 0;

  get size(): number {
    return this.#size;
  }

  /** Allocations in it. */
  get pending(): number {
    return this.#size - this.#workers;
  }

  /** Since when the oldest of them waits. */
  get oldestSince(): string | undefined {
    return this.#byShape
      .values()
      .flatMap(([first]) => (first?.candidate.kind === 'Allocation' ? [first.turn.since] : []))
      .toArray()
      .toSorted()[0];
  }

  add(ticket: Ticket): void {
    const bucket = this.#byShape.get(ticket.shape) ?? [];
    bucket.splice(placeIn(bucket, ticket.turn), 0, ticket);
    this.#byShape.set(ticket.shape, bucket);
    this.#size++;
    if (ticket.candidate.kind === 'BurstWorker') this.#workers++;
  }

  remove(ticket: Ticket): void {
    const bucket = this.#byShape.get(ticket.shape) ?? [];
    const at = placeIn(bucket, ticket.turn);
    if (bucket[at] !== ticket) return;
    bucket.splice(at, 1);
    this.#size--;
    if (ticket.candidate.kind === 'BurstWorker') this.#workers--;
    if (bucket.length === 0) this.#byShape.delete(ticket.shape);
  }

  /** How many are served before this one. */
  ahead(turn: Turn): number {
    return this.#byShape.values().reduce((sum, bucket) => sum + placeIn(bucket, turn), 0);
  }

  walk(): Walk {
    return new Walk(this.#byShape.values());
  }
}

interface Cursor {
  readonly bucket: readonly Ticket[];
  readonly turn: Turn;
  readonly at: number;
}

/** Goes through a line in order. The line must not change meanwhile. */
export class Walk {
  readonly #cursors = new Heap<Cursor>((a, b) => compareTurns(a.turn, b.turn) < 0);
  #current: Cursor | undefined;

  constructor(buckets: Iterable<readonly Ticket[]>) {
    for (const bucket of buckets) this.#push(bucket, 0);
  }

  next(): Ticket | undefined {
    if (this.#current !== undefined) this.#push(this.#current.bucket, this.#current.at + 1);
    this.#current = this.#cursors.pop();
    return this.#current?.bucket[this.#current.at];
  }

  /** Passes over all that are like the last one. */
  skipAlike(): void {
    this.#current = undefined;
  }

  #push(bucket: readonly Ticket[], at: number): void {
    const turn = bucket[at]?.turn;
    if (turn !== undefined) this.#cursors.push({ bucket, turn, at });
  }
}

/** Where this turn comes among those that are there. Most are the last. */
function placeIn(bucket: readonly Ticket[], turn: Turn): number {
  const last = bucket.at(-1);
  if (last === undefined || compareTurns(last.turn, turn) < 0) return bucket.length;
  let [low, high] = [0, bucket.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = bucket[middle];
    if (there !== undefined && compareTurns(there.turn, turn) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
