import { LABEL, type McpServerScale } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { lapsesAt } from '../mcp-server/wishes.ts';
import { isTracked } from '../allocation/tracked.ts';
import { SPEAKS_AFTER_MS } from './passing.ts';
import { placeOf } from './place.ts';
import { effectiveOf, isApplied, isThrough, type Seen } from './seen.ts';

export type Action = { readonly kind: 'Collect' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

/** How long a wish that no longer counts can be looked at. */
const KEPT_MS = 60 * 60_000;

/** What a wish needs next: to be looked at when time alone changes it, and at last to be collected. */
export function decide(seen: Seen, now: Date): Decision {
  const { wish } = seen;
  if (wish.metadata.deletionTimestamp !== undefined) return { actions: [] };
  const at = now.getTime();
  const lapses = lapsesAt(wish, at);
  if (placeOf(seen, now).kind === 'Counts')
    return wait([lapses, isSettled(seen, now) ? undefined : at + SPEAKS_AFTER_MS], at);
  const collectAt = isEphemeral(wish) ? collectedAt(wish) : undefined;
  return collectAt !== undefined && at >= collectAt
    ? { actions: [{ kind: 'Collect' }] }
    : wait([collectAt, lapses], at);
}

function isSettled(seen: Seen, now: Date): boolean {
  const effective = effectiveOf(seen, now);
  return isApplied(seen, effective) && isThrough(seen, effective);
}

/** Made by a client that does not look after it (the facade, a waker), and kept by nobody in Git. */
const isEphemeral = (wish: McpServerScale): boolean =>
  wish.metadata.labels?.[LABEL.ephemeral] === 'true' && !isTracked(wish);

function collectedAt({ status }: McpServerScale): number | undefined {
  const accepted = conditionOf(status?.conditions, 'Accepted');
  return accepted?.status === 'False' ? Date.parse(accepted.lastTransitionTime) + KEPT_MS : undefined;
}

function wait(moments: readonly (number | undefined)[], at: number): Decision {
  const ahead = moments.filter((moment): moment is number => moment !== undefined && moment > at);
  return ahead.length === 0 ? { actions: [] } : { actions: [], requeueAfterMs: Math.min(...ahead) - at };
}
