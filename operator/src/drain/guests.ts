import type { Pod, PodDisruptionBudget } from '../kube/core.ts';
import { budgetsOf } from './budgets.ts';
import type { DrainInput } from './input.ts';
import { classOf, type PodClass, waveOf } from './pod-class.ts';

/** A pod that has to leave. */
export interface Guest {
  readonly pod: Pod;
  readonly podClass: Exclude<PodClass, 'Ignored'>;
  readonly wave: number;
  readonly leaving: boolean;
  /** How long it may take to end. */
  readonly graceMs: number;
  readonly budgets: readonly PodDisruptionBudget[];
}

/** A pod that should have been gone for this long is stuck, and no reason to wait (contract D6). */
const STUCK_AFTER_MS = 60_000;
const DEFAULT_GRACE_S = 30;

/** The pods that have to leave, in the order of their names. */
export const guestsOf = (input: DrainInput): Guest[] =>
  input.pods.flatMap((pod) => guestOf(pod, input)).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

const nameOf = ({ pod: { metadata } }: Guest): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function guestOf(pod: Pod, input: DrainInput): Guest[] {
  const podClass = classOf(pod, input);
  if (podClass === 'Ignored') return [];
  const guest: Guest = {
    pod,
    podClass,
    wave: waveOf(pod, podClass, input),
    leaving: pod.metadata.deletionTimestamp !== undefined,
    graceMs: graceMs(pod, input),
    budgets: budgetsOf(pod, input.budgets),
  };
  return isExcused(guest, input) ? [] : [guest];
}

const graceMs = ({ spec }: Pod, { rules }: DrainInput): number =>
  Math.min((spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_S) * 1000, rules.gracePeriodMs);

/**
 * Not waited for any more: a pod that is stuck, and one that tolerates every cordon and so would come back for ever.
 * That one is evicted once, and waited for no longer than the grace it was given (contract D6).
 */
function isExcused(guest: Guest, { cordonedAt, refused, now }: DrainInput): boolean {
  const until = excusedAt(guest);
  if (until !== undefined) return now.getTime() >= until;
  if (guest.podClass !== 'Courtesy') return false;
  const { uid, creationTimestamp } = guest.pod.metadata;
  return refused.has(uid) || (cordonedAt !== undefined && Date.parse(creationTimestamp) > cordonedAt.getTime());
}

/** When a pod that leaves is no longer waited for, in milliseconds of the epoch. */
export function excusedAt({ pod, podClass, leaving }: Guest): number | undefined {
  if (!leaving) return undefined;
  const goneBy = Date.parse(pod.metadata.deletionTimestamp ?? '');
  return podClass === 'Courtesy' ? goneBy : goneBy + STUCK_AFTER_MS;
}
