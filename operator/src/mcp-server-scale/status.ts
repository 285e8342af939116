import type { ConditionType, McpServerScaleStatus, Reason } from '@cortex/crds';
import { type Claim, conditionOf, timestamp, withConditions } from '../conditions.ts';
import { type Effective, sayBecause } from '../mcp-server/effective.ts';
import { isAccepted, sequenceOf } from '../mcp-server/wishes.ts';
import { selectorText } from '../mcp-server/workload.ts';
import { isUnspoken, obstacleTo, type Place, placeOf } from './place.ts';
import { effectiveOf, isApplied, isThrough, type Seen } from './seen.ts';

/** What a wish says of itself, computed whole from what was seen; undefined where others speak for it. */
export function report(seen: Seen, now: Date): McpServerScaleStatus | undefined {
  const { wish } = seen;
  const place = placeOf(seen, now);
  if (wish.metadata.deletionTimestamp !== undefined || isUnspoken(seen, place)) return undefined;
  const effective = effectiveOf(seen, now);
  const { phase, claims } = place.kind === 'Counts' ? counting(seen, effective) : overtaken(seen, place);
  return {
    ...wish.status,
    ...(place.kind === 'Counts' ? numbers(seen, effective) : {}),
    phase,
    acceptedSequence: sequenceOf(wish),
    acceptedGeneration: wish.metadata.generation ?? 1,
    acceptedAt: (isAccepted(wish) ? wish.status?.acceptedAt : undefined) ?? timestamp(now),
    conditions: withConditions(wish.status?.conditions, claims, wish.metadata.generation, now),
  };
}

interface Words {
  readonly phase: NonNullable<McpServerScaleStatus['phase']>;
  readonly claims: Claim[];
}

/** For the scale subresource: an autoscaler reads how many pods there are, and which. */
const numbers = ({ server, workload }: Seen, effective: Effective | undefined): McpServerScaleStatus => ({
  replicas: server?.status?.replicas ?? 0,
  ready: server?.status?.ready ?? 0,
  ...(effective === undefined ? {} : { effectiveReplicas: effective.replicas }),
  ...(workload === undefined ? {} : { selector: selectorText(workload) }),
});

const claim = (type: ConditionType, status: boolean, reason: Reason, message: string): Claim => ({
  type,
  status,
  reason,
  message,
});

function overtaken({ wish }: Seen, place: Exclude<Place, { kind: 'Counts' }>): Words {
  const { name } = wish.spec.serverRef;
  const message =
    place.kind === 'Lapsed'
      ? `Its ttl of ${wish.spec.ttl} is over, and it no longer counts for McpServer ${name}`
      : `McpServerScale ${place.by} came later and decides about McpServer ${name}`;
  const all = (['Accepted', 'Applied', 'Ready'] as const).map((type) => claim(type, false, place.kind, message));
  return { phase: place.kind, claims: all };
}

function counting(seen: Seen, effective: Effective | undefined): Words {
  const { name } = seen.wish.spec.serverRef;
  const accepted = claim('Accepted', true, 'Accepted', `It counts for McpServer ${name}`);
  const obstacle = obstacleTo(seen);
  if (obstacle !== undefined || effective === undefined || !isApplied(seen, effective)) {
    const { reason, message } = obstacle ?? {
      reason: 'Scaling' as const,
      message: `McpServer ${name} is being scaled`,
    };
    return {
      phase: 'Waiting',
      claims: [accepted, claim('Applied', false, reason, message), claim('Ready', false, reason, message)],
    };
  }
  return { phase: 'Effective', claims: [accepted, applied(seen, effective), ready(seen, effective)] };
}

function applied({ wish, server }: Seen, { replicas, because, clamped }: Effective): Claim {
  const bounds = server?.spec.replicas;
  if (clamped === wish.spec.replicas)
    return claim(
      'Applied',
      true,
      'Clamped',
      `${clamped} is beyond spec.replicas of McpServer ${wish.spec.serverRef.name} (${bounds?.min ?? 0} to ${bounds?.max ?? 0}) and was cut to ${replicas}`,
    );
  return claim(
    'Applied',
    true,
    'Applied',
    `McpServer ${wish.spec.serverRef.name} is set to ${replicas}: ${sayBecause(because)}`,
  );
}

function ready(seen: Seen, effective: Effective): Claim {
  const { status } = seen.server ?? {};
  if (isThrough(seen, effective))
    return effective.replicas === 0
      ? claim('Ready', true, 'Stopped', 'No replica is wanted, and none is there')
      : claim('Ready', true, 'Running', `${effective.replicas} of ${effective.replicas} replicas are ready`);
  const why = conditionOf(status?.conditions, 'Ready');
  return why?.status === 'False'
    ? claim('Ready', false, why.reason, why.message)
    : claim('Ready', false, 'Scaling', `${status?.ready ?? 0} of ${effective.replicas} replicas are ready`);
}
