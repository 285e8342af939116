import type { Condition, McpServerStatus } from '@cortex/crds';
import { conditionOf, isTrue } from '../conditions.ts';
import { same } from '../published.ts';
import { SETTLING_MS } from './decide.ts';
import { isUnsettled } from './phase.ts';
import type { SeenServer } from './seen.ts';
import { replicasOf } from './workload.ts';

/** Somebody else keeps undoing the replicas: what comes and goes with that is not worth a write. */
const CONFLICTED_MS = 60_000;

/**
 * How long the change from the status before to this one may wait, in milliseconds; undefined when it is news: the loss
 * of a running server, or anything that is not about pods on their way.
 */
export function passingMs(seen: SeenServer, after: McpServerStatus): number | undefined {
  const before = seen.server.status;
  const conflict = conditionOf(after.conditions, 'ScaleConflict');
  const conflicted = conflict?.status === 'True' && conflict.reason === 'ScaleConflict';
  const moving = conflicted || isUnsettled(seen, after.desired ?? 0);
  if (!moving || same(before, after) || isNews(before, after) || isWaitedFor(seen, after)) return undefined;
  return conflicted ? CONFLICTED_MS : SETTLING_MS;
}

/** Nothing is scaled before the baseline is written down. */
const isWaitedFor = ({ server, workload }: SeenServer, { desired }: McpServerStatus): boolean =>
  server.status?.baseline === undefined && workload !== undefined && replicasOf(workload) !== desired;

function isNews(before: McpServerStatus | undefined, after: McpServerStatus): boolean {
  if (before?.conditions === undefined) return false;
  const lost = before.phase === 'Running' && !isTrue(after.conditions, 'Ready') && after.desired !== 0;
  return (
    lost || (after.conditions ?? []).some((condition) => !canWait(condition, before) && hasChanged(condition, before))
  );
}

/** An Allocation that comes or goes is why pods do: both are told together. Calls are not waited with: when they began and ended is kept. */
function canWait({ type, reason }: Condition, before: McpServerStatus): boolean {
  const was = conditionOf(before.conditions, type)?.reason;
  return type === 'Ready' || (type === 'Idle' && reason !== 'InUse' && was !== 'InUse');
}

function hasChanged({ type, status, reason }: Condition, before: McpServerStatus): boolean {
  const was = conditionOf(before.conditions, type);
  return was?.status !== status || was.reason !== reason;
}
