import type { McpServer, McpServerScale } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Claim, timestamp } from '../conditions.ts';
import { claimantOf, isLapsed, isUsage } from './wishes.ts';

export interface Idleness {
  readonly claim: Claim;
  /** It is idle, and told to sleep then. */
  readonly asleep: boolean;
  readonly lastActivityTime: string | undefined;
  /** When it becomes idle unless it is used before. */
  readonly idleAt: number | undefined;
}

/**
 * Whether anything uses the server: calls that a waker reports, or an Allocation that names it. Where nobody reports
 * calls, silence says nothing, and the server is never called idle.
 */
export function idleness(
  { spec, status }: Pick<McpServer, 'spec' | 'status'>,
  wishes: readonly McpServerScale[],
  now: Date,
): Idleness {
  const alive = wishes.filter((wish) => !isLapsed(wish, now.getTime()));
  const reported = alive.some(isUsage);
  const lastActivityTime = lastActivity(status, reported, now);
  const rest = { asleep: false, lastActivityTime, idleAt: undefined };
  if (reported) return { ...rest, claim: idle(false, 'InUse', 'Calls are in flight, or ended a moment ago') };
  if (alive.some((wish) => claimantOf(wish) !== undefined))
    return { ...rest, claim: idle(false, 'Claimed', 'An Allocation names it') };
  if (lastActivityTime === undefined)
    return {
      ...rest,
      claim: idle(
        'Unknown',
        'NoUsageSignal',
        'Nothing reports calls for it, so it is never scaled down for being idle',
      ),
    };
  const idleAt = Date.parse(lastActivityTime) + parseDuration(spec.idle.after);
  if (now.getTime() < idleAt)
    return { ...rest, idleAt, claim: idle(false, 'RecentlyUsed', `It was last used at ${lastActivityTime}`) };
  const asleep = spec.idle.enabled;
  const consequence = asleep ? `it is scaled to ${spec.replicas.min}` : 'spec.idle.enabled would scale it down';
  return {
    ...rest,
    asleep,
    claim: idle(true, 'Idle', `Nothing has used it since ${lastActivityTime}; ${consequence}`),
  };
}

const idle = (status: Claim['status'], reason: Claim['reason'], message: string): Claim => ({
  type: 'Idle',
  status,
  reason,
  message,
});

/** Written when use begins and when it ends, not while it lasts. */
function lastActivity(status: McpServer['status'], reported: boolean, now: Date): string | undefined {
  const before = status?.conditions?.find(({ type }) => type === 'Idle');
  return reported === (before?.reason === 'InUse') ? status?.lastActivityTime : timestamp(now);
}
