import type { Guest } from './guests.ts';
import type { DrainInput, PodAction, PodRef } from './input.ts';

/** When a pod is deleted rather than evicted: when the time left is what it needs to end (contract D12). */
export const forcedAt = ({ graceMs }: Guest, { rules, deadline }: DrainInput): number =>
  rules.onDeadline === 'ForceDelete' ? deadline.getTime() - graceMs : Number.POSITIVE_INFINITY;

export const isForced = (guest: Guest, input: DrainInput): boolean => input.now.getTime() >= forcedAt(guest, input);

/** Never 0: that would take the pod from the API before it has ended (contracts D12, D13). */
export function forceDelete({ pod, graceMs }: Guest, { deadline, now }: DrainInput): PodAction {
  const left = Math.min(graceMs, deadline.getTime() - now.getTime());
  return { kind: 'Delete', pod: refOf(pod), gracePeriodSeconds: Math.max(1, Math.floor(left / 1000)) };
}

/** Its machine is off, so nothing of it runs any more: the one case in which no grace is left (contract D13). */
export const takeAway = ({ pod }: Guest): PodAction => ({ kind: 'Delete', pod: refOf(pod), gracePeriodSeconds: 0 });

export const evict = ({ pod }: Guest): PodAction => ({ kind: 'Evict', pod: refOf(pod) });

const refOf = ({ metadata }: Guest['pod']): PodRef => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid,
});
