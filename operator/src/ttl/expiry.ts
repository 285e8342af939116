/** How long an object may live, all in milliseconds since the epoch or as lengths in milliseconds. */
export interface Lifetime {
  /** When its ttl began to count; undefined: it has not begun, and nothing ends it; infinite: only the ceiling does. */
  readonly startedAt: number | undefined;
  readonly ttlMs: number;
  /** The hard ceiling counts from here (T1). */
  readonly ceilingFrom: number;
  readonly ceilingMs: number;
  readonly drainTimeoutMs: number;
}

export interface Ending {
  /** The drain starts (T1). */
  readonly expiresAt: number;
  /** The drain is forced, if its pool forces (T1). */
  readonly hardStopAt: number;
  readonly because: 'TtlExpired' | 'MaxLifetimeReached';
}

/** When an object ends: its ttl counted from its start, never past the ceiling (contract T1). */
export function ending(life: Lifetime & { readonly startedAt: number }): Ending;
export function ending(life: Lifetime): Ending | undefined;
export function ending(life: Lifetime): Ending | undefined {
  if (life.startedAt === undefined) return undefined;
  const byTtl = life.startedAt + life.ttlMs;
  const ceiling = life.ceilingFrom + life.ceilingMs;
  const expiresAt = Math.min(byTtl, ceiling);
  return {
    expiresAt,
    hardStopAt: expiresAt + life.drainTimeoutMs,
    because: byTtl < ceiling ? 'TtlExpired' : 'MaxLifetimeReached',
  };
}

const FIVE_MINUTES = 5 * 60_000;

/**
 * How much earlier than its ttl a worker ends, so that a herd born together does not end together
 * (contract T6): deterministic from the UID, at most a tenth of the ttl and five minutes.
 */
export function jitter(uid: string, ttlMs: number): number {
  const most = Math.min(ttlMs / 10, FIVE_MINUTES);
  return Math.floor((fnv1a(uid) / 0x1_0000_0000) * most);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
