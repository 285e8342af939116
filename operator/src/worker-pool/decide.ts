import { WORKERS_FINALIZER } from '@cortex/crds';
import { nextCountMs } from './nodes.ts';
import type { Seen } from './seen.ts';
import { leadMs, type WarmAction, warmActions } from './warm.ts';

export type Action = { readonly kind: 'AddFinalizer' } | { readonly kind: 'RemoveFinalizer' } | WarmAction;

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

/** A pool holds its finalizer from before its first worker until its last is gone; meanwhile it keeps some of them warm. */
export function decide(seen: Seen, now: Date): Decision {
  const { pool, workers } = seen;
  const held = pool.metadata.finalizers?.includes(WORKERS_FINALIZER) ?? false;
  if (pool.metadata.deletionTimestamp !== undefined)
    return { actions: held && workers.length === 0 ? [{ kind: 'RemoveFinalizer' }] : [] };
  if (pool.spec.class === 'Permanent') return { actions: [], ...nextCount(seen, now) };
  if (!held) return { actions: [{ kind: 'AddFinalizer' }] };
  return { actions: warmActions(seen, now), ...nextMoment(seen, now) };
}

/** When what its Nodes' pods request is to be counted again. */
function nextCount(seen: Seen, now: Date): { requeueAfterMs?: number } {
  const dueMs = nextCountMs(seen, now);
  return dueMs === undefined || dueMs === 0 ? {} : { requeueAfterMs: dueMs };
}

/** When the next warm worker is to be replaced, or what a person allowed is over. */
function nextMoment(seen: Seen, now: Date): { requeueAfterMs?: number } {
  const { allowance } = seen.breaker;
  const moments = [...replacements(seen), ...(allowance.kind === 'Allowed' ? [Date.parse(allowance.until)] : [])]
    .map((moment) => moment - now.getTime())
    .filter((left) => left > 0);
  return moments.length === 0 ? {} : { requeueAfterMs: Math.min(...moments) };
}

function replacements({ pool, workers }: Seen): number[] {
  if (pool.spec.warm === 0) return [];
  const ends = workers.flatMap(({ spec, status }) =>
    spec.claimRef === undefined && status?.expiresAt ? Date.parse(status.expiresAt) : [],
  );
  return ends.map((end) => end - leadMs(pool.spec));
}
