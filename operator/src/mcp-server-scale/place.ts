import type { Reason } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import { claimantOf, isLapsed, isLater, standing } from '../mcp-server/wishes.ts';
import type { Seen } from './seen.ts';

/** Where a wish stands among the others. */
export type Place =
  | { readonly kind: 'Counts' }
  | { readonly kind: 'Superseded'; readonly by: string }
  | { readonly kind: 'Lapsed' };

export function placeOf({ wish, wishes }: Seen, now: Date): Place {
  if (isLapsed(wish, now.getTime())) return { kind: 'Lapsed' };
  const { newest } = standing(wishes, now.getTime());
  if (newest === undefined || newest.metadata.uid === wish.metadata.uid) return { kind: 'Counts' };
  const counts = wish.spec.policy === 'AtLeast' && (newest.spec.policy !== 'Override' || isLater(wish, newest));
  return counts ? { kind: 'Counts' } : { kind: 'Superseded', by: newest.metadata.name };
}

/** An Allocation's wish is spoken of only once it did not count: its Allocation and the server speak for it. */
export const isUnspoken = ({ wish }: Seen, place: Place): boolean =>
  claimantOf(wish) !== undefined && wish.status === undefined && place.kind === 'Counts';

export interface Obstacle {
  readonly reason: Reason;
  readonly message: string;
}

/** Why the server is not set to what is wished, although the wish counts. */
export function obstacleTo({ wish, server, workload }: Seen): Obstacle | undefined {
  const { name } = wish.spec.serverRef;
  const namespace = wish.metadata.namespace ?? '';
  if (server === undefined || server.metadata.deletionTimestamp !== undefined)
    return { reason: 'ServerNotFound', message: `There is no McpServer ${name} in namespace ${namespace}` };
  const { kind, name: workloadName } = server.spec.workloadRef;
  if (workload === undefined)
    return { reason: 'WorkloadNotFound', message: `There is no ${kind} ${workloadName} in namespace ${namespace}` };
  const said = (['ScaleConflict', 'Stalled'] as const).flatMap(
    (type) => conditionOf(server.status?.conditions, type) ?? [],
  );
  const inTheWay = said.find(({ status }) => status === 'True');
  return inTheWay && { reason: inTheWay.reason, message: inTheWay.message };
}
