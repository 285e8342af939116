import type { WorkerPool } from '@cortex/crds';
import { conditionOf, timestamp } from '../conditions.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Allowance, allowanceOf } from './allowance.ts';

/** How long a removal counts. */
const WINDOW_MS = 10 * 60_000;
const ALWAYS = 3;
const SHARE = 0.3;
/** As many as a status holds, the latest: after a restart a pool that stands more than that may be let off what came before. */
const KEPT = 64;

export interface BreakerState {
  /** Why it is open; undefined while it is closed. */
  readonly why: string | undefined;
  readonly allowance: Allowance;
  /** What went within ten minutes and nobody had named: the pool keeps it for the next process. */
  readonly removed?: readonly Removal[];
}

type Removal = NonNullable<NonNullable<NonNullable<WorkerPool['status']>['breaker']>['removed']>[number];

/** How many removals nobody named a pool stands within ten minutes. */
export const tolerated = (workers: number): number => Math.max(ALWAYS, Math.floor(SHARE * workers));

/**
 * Stops removals that nobody named when too many of a pool would go at once (contract S9): then something is wrong with who
 * says that they are lost, more likely than with all of them. What would go counts before it goes, so a mass disappearance
 * takes nobody. Once open it stays open, over restarts too, until a person allows removals.
 */
export class RemovalBreaker {
  readonly #kinds: Kinds;
  /** By pool: what would go, and when that was asked last. */
  readonly #asked = new Map<string, Map<string, number>>();
  /** Pools whose status does not say yet that it is open. */
  readonly #tripped = new Map<string, string>();
  readonly #listeners: ((pool: string) => void)[] = [];

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  /** Hears of pools whose breaker has just opened. */
  onOpen(listener: (pool: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Why this must not be removed now; undefined when it may. Each thing has a name of its own: a worker its UID. */
  ask(name: string, what: string, now: Date): string | undefined {
    const pool = this.#kinds.pools.get(name);
    if (pool === undefined || this.stateOf(pool, now).allowance.kind === 'Allowed') return undefined;
    this.#recent(pool, now).set(what, now.getTime());
    const why = this.stateOf(pool, now).why ?? this.#judge(pool, now);
    return why && `removals are stopped: ${why}`;
  }

  /** It is there again. */
  withdraw(pool: string, what: string): void {
    this.#asked.get(pool)?.delete(what);
  }

  /** Whether the pool's breaker is open. While removals are allowed it is closed, and what goes was named by a person. */
  stateOf(pool: WorkerPool, now: Date): BreakerState {
    const { name } = pool.metadata;
    const allowance = allowanceOf(pool, now);
    if (allowance.kind === 'Allowed') {
      this.#asked.delete(name);
      this.#tripped.delete(name);
      return { why: undefined, allowance };
    }
    return {
      why: pool.status?.breaker?.why ?? this.#tripped.get(name),
      allowance,
      removed: latest(this.#removed(pool, now)),
    };
  }

  #judge(pool: WorkerPool, now: Date): string | undefined {
    const { name } = pool.metadata;
    const workers = this.#kinds.workers.store.byIndex(INDEX.pool, name);
    const missing = workers.filter(({ status }) => isMissing(status)).map(({ metadata }) => metadata.uid);
    const going = new Set([...this.#recent(pool, now).keys(), ...missing]);
    const gone = this.#removed(pool, now).length;
    const [most, all] = [tolerated(workers.length + gone), workers.length + gone];
    if (going.size <= most) return undefined;
    const why = `more than ${most} of ${all} in WorkerPool ${name} would go within 10 minutes, and nobody named them`;
    this.#tripped.set(name, why);
    for (const listener of this.#listeners) listener(name);
    return why;
  }

  /** What was asked for and is not there any more. */
  #removed(pool: WorkerPool, now: Date): Removal[] {
    const recent = this.#recent(pool, now);
    if (recent.size === 0) return [];
    const workers = this.#kinds.workers.store.byIndex(INDEX.pool, pool.metadata.name);
    const there = new Set(workers.map(({ metadata }) => metadata.uid));
    return [...recent]
      .filter(([what]) => !there.has(what))
      .map(([what, at]) => ({ what, at: timestamp(new Date(at)) }))
      .toSorted((a, b) => (a.what < b.what ? -1 : 1));
  }

  /** Of a pool that this process sees for the first time, what the one before it has written. */
  #recent({ metadata: { name }, status }: WorkerPool, now: Date): Map<string, number> {
    const written = (): [string, number][] =>
      (status?.breaker?.removed ?? []).map(({ what, at }) => [what, Date.parse(at)]);
    const asked = this.#asked.get(name) ?? new Map(written());
    for (const [what, at] of asked) if (now.getTime() - at > WINDOW_MS) asked.delete(what);
    this.#asked.set(name, asked);
    return asked;
  }
}

/** Its machine was not there at the last look, as its status says even after a restart. */
const isMissing = (status: { conditions?: Parameters<typeof conditionOf>[0] } | undefined): boolean =>
  conditionOf(status?.conditions, 'VmGone')?.status === 'Unknown';

const latest = (removed: readonly Removal[]): Removal[] =>
  removed.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, KEPT);
