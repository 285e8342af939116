import type { McpServerScale, McpServerScaleStatus } from '@cortex/crds';
import { conditionOf, isTrue } from '../conditions.ts';
import { SETTLING_MS } from '../mcp-server/decide.ts';
import { isAccepted } from '../mcp-server/wishes.ts';
import { same } from '../published.ts';

/** Its server speaks first: then a wish says once that it is applied. */
export const SPEAKS_AFTER_MS = SETTLING_MS + 1_000;

/**
 * How long the change to this status may wait, in milliseconds; undefined when it may not. A wish that is about to be
 * applied and ready says so in one write; that it is applied never waits, for its author waits for that.
 */
export function passingMs(wish: McpServerScale, after: McpServerScaleStatus): number | undefined {
  return (isBeingApplied(after) || isStarting(wish, after)) && !same(wish.status, after) ? SPEAKS_AFTER_MS : undefined;
}

const isBeingApplied = ({ phase, conditions }: McpServerScaleStatus): boolean =>
  phase === 'Waiting' && conditionOf(conditions, 'Applied')?.reason === 'Scaling';

const isStarting = (wish: McpServerScale, { phase, conditions }: McpServerScaleStatus): boolean =>
  phase === 'Effective' &&
  !isTrue(conditions, 'Ready') &&
  isAccepted(wish) &&
  isTrue(wish.status?.conditions, 'Applied');
