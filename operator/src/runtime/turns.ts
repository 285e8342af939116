interface Lane {
  /** Since when each key waits. */
  readonly waiting: Map<string, number>;
  /** Keys that may begin, until they are seen to have begun. */
  readonly granted: Set<string>;
}

/**
 * Who may begin, of those that wait, where only so many may be under way at once: first come, first served, lane by lane.
 * What is under way is counted by the caller, from what it sees; here is only kept what cannot be seen yet.
 */
export class Turns {
  readonly #lanes = new Map<string, Lane>();

  /** May this key begin now? It has waited `since`, `underWay` have begun, and `most` may be under way. */
  ask(name: string, key: string, since: number, underWay: number, most: number): boolean {
    const lane = this.#lane(name);
    if (lane.granted.has(key)) return true;
    const waits = Math.min(since, lane.waiting.get(key) ?? since);
    lane.waiting.set(key, waits);
    const free = most - underWay - lane.granted.size;
    if (free <= 0 || rank(lane, key, waits) >= free) return false;
    lane.waiting.delete(key);
    lane.granted.add(key);
    return true;
  }

  /** It has begun, or no longer wants to. */
  leave(name: string, key: string): void {
    const lane = this.#lanes.get(name);
    lane?.waiting.delete(key);
    lane?.granted.delete(key);
  }

  /** The key is gone, whatever it waited for. */
  forget(key: string): void {
    for (const name of this.#lanes.keys()) this.leave(name, key);
  }

  /** The first that wait in a lane, at most so many: a few of very many, so the others are not put in order. */
  next(name: string, most: number): string[] {
    const first: Wait[] = [];
    for (const wait of this.#lanes.get(name)?.waiting ?? []) {
      const behind = first.findIndex((other) => isBefore(wait, other));
      if (behind >= 0) first.splice(behind, 0, wait);
      else if (first.length < most) first.push(wait);
      if (first.length > most) first.pop();
    }
    return first.map(([key]) => key);
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: new Map(), granted: new Set() };
    this.#lanes.set(name, lane);
    return lane;
  }
}

type Wait = readonly [key: string, since: number];

const isBefore = ([key, since]: Wait, [other, its]: Wait): boolean => since < its || (since === its && key < other);

/** How many wait before this key. */
function rank({ waiting }: Lane, key: string, since: number): number {
  let before = 0;
  for (const other of waiting) if (isBefore(other, [key, since])) before++;
  return before;
}
