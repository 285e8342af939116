import type { Condition, ConditionType, Reason } from '@cortex/crds';

/** What a room says of one aspect of an object; times and generation are added when it is set. */
export interface Claim {
  readonly type: ConditionType;
  readonly status: boolean | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/**
 * The conditions after these claims, sorted by type. lastTransitionTime moves only when the status does;
 * a condition that nobody claims any more is kept as it was.
 */
export function withConditions(
  before: readonly Condition[] | undefined,
  claims: readonly Claim[],
  generation: number | undefined,
  now: Date,
): Condition[] {
  const byType = new Map((before ?? []).map((each) => [each.type, each]));
  for (const claim of claims) byType.set(claim.type, condition(claim, byType.get(claim.type), generation, now));
  return [...byType.values()].toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

function condition(claim: Claim, before: Condition | undefined, generation: number | undefined, now: Date): Condition {
  const status = statusWord(claim.status);
  return {
    type: claim.type,
    status,
    reason: claim.reason,
    message: claim.message,
    observedGeneration: generation ?? 0,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : timestamp(now),
  };
}

const statusWord = (status: boolean | 'Unknown') =>
  status === 'Unknown' ? ('Unknown' as const) : status ? ('True' as const) : ('False' as const);

/** metav1.Time: whole seconds, UTC. */
export const timestamp = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;

export const conditionOf = (conditions: readonly Condition[] | undefined, type: ConditionType): Condition | undefined =>
  conditions?.find((each) => each.type === type);

export const isTrue = (conditions: readonly Condition[] | undefined, type: ConditionType): boolean =>
  conditionOf(conditions, type)?.status === 'True';
