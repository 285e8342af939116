import type { Pod } from '../kube/core.ts';
import { classOf, type PodClass, type PodRules, waveOf } from './pod-class.ts';

export interface DrainInput {
  readonly pods: readonly Pod[];
  readonly rules: PodRules & {
    readonly onDeadline: 'ForceDelete' | 'Hold';
    /** The most of a pod's own grace that is honoured. */
    readonly gracePeriodMs: number;
  };
  /** When the Node was cordoned; undefined while it is not. */
  readonly cordonedAt: Date | undefined;
  readonly deadline: Date;
  readonly now: Date;
  /** Evictions that were refused, by pod UID. */
  readonly refused: ReadonlyMap<string, Refused>;
}

/** An eviction that the API server refused: not to be tried again before then. */
export interface Refused {
  readonly until: Date;
  readonly since: Date;
  readonly reason: string;
}

interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type PodAction =
  | { readonly kind: 'Evict'; readonly pod: PodRef }
  | { readonly kind: 'Delete'; readonly pod: PodRef; readonly gracePeriodSeconds: number };

export interface Blocker {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly reason: string;
  readonly since: string;
}

/** What a drain does next, and how far it is. */
export interface Plan {
  readonly actions: readonly PodAction[];
  /** Nothing that counts is left, and the Node has been cordoned long enough for that to be the truth (contract D5). */
  readonly drained: boolean;
  readonly wave: number;
  readonly counts: { total: number; evicted: number; waiting: number; blocked: number; ignored: number };
  /** At most ten, sorted. */
  readonly blockers: readonly Blocker[];
  /** Milliseconds until time alone changes the plan. */
  readonly requeueAfterMs?: number;
}

/** After the cordon a scheduler may still bind what it had already decided on (contract D5). */
const SETTLE_MS = 5_000;
/** A pod that should have been gone for this long is stuck, and no reason to wait (contract D6). */
const STUCK_AFTER_MS = 60_000;
/** Evictions of one Node in flight at once (contract D18). */
const IN_FLIGHT = 10;
const BLOCKERS = 10;
const DEFAULT_GRACE_S = 30;

interface Guest {
  readonly pod: Pod;
  readonly podClass: Exclude<PodClass, 'Ignored'>;
  readonly wave: number;
  readonly leaving: boolean;
}

/** The next steps of emptying one Node: a pure function of what is on it, the clock, and what was refused. */
export function planDrain(input: DrainInput): Plan {
  const guests = input.pods.flatMap((pod) => guestOf(pod, input)).filter((guest) => !isExcused(guest, input));
  const counted = guests.filter(({ podClass }) => podClass !== 'Courtesy');
  const wave = Math.min(...counted.map((guest) => guest.wave), Number.POSITIVE_INFINITY);
  const actions = input.cordonedAt === undefined ? [] : actionsOn(guests, wave, input);
  const blocked = counted.filter((guest) => !guest.leaving && blockerOf(guest, input) !== undefined);
  const wake = nextMoment(guests, input);
  return {
    actions,
    drained: guests.length === 0 && isSettled(input),
    wave: Number.isFinite(wave) ? wave : 0,
    counts: {
      total: counted.length,
      evicted: counted.filter(({ leaving }) => leaving).length,
      waiting: counted.filter((guest) => !guest.leaving && guest.wave > wave).length,
      blocked: blocked.length,
      ignored: input.pods.length - guests.length,
    },
    blockers: blocked
      .flatMap((guest) => blockerOf(guest, input) ?? [])
      .toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1))
      .slice(0, BLOCKERS),
    ...(wake === undefined ? {} : { requeueAfterMs: wake }),
  };
}

function guestOf(pod: Pod, { rules, now }: DrainInput): Guest[] {
  const podClass = classOf(pod, rules);
  if (podClass === 'Ignored' || isStuck(pod, now)) return [];
  return [{ pod, podClass, wave: waveOf(pod, podClass), leaving: pod.metadata.deletionTimestamp !== undefined }];
}

const isStuck = ({ metadata }: Pod, now: Date): boolean =>
  metadata.deletionTimestamp !== undefined && now.getTime() - Date.parse(metadata.deletionTimestamp) > STUCK_AFTER_MS;

/**
 * A pod that tolerates every cordon would come back for ever: it is evicted once, and waited for no longer than the grace
 * it was given (contract D6).
 */
function isExcused({ pod, podClass, leaving }: Guest, { cordonedAt, refused, now }: DrainInput): boolean {
  if (podClass !== 'Courtesy') return false;
  const { uid, creationTimestamp, deletionTimestamp } = pod.metadata;
  if (leaving) return now.getTime() >= Date.parse(deletionTimestamp ?? '');
  return refused.has(uid) || (cordonedAt !== undefined && Date.parse(creationTimestamp) > cordonedAt.getTime());
}

const isSettled = ({ cordonedAt, now }: DrainInput): boolean =>
  cordonedAt !== undefined && now.getTime() - cordonedAt.getTime() >= SETTLE_MS;

/** Pods past their own deadline skip the wave gate (contract D7). */
function actionsOn(guests: readonly Guest[], wave: number, input: DrainInput): PodAction[] {
  const leaving = guests.filter((guest) => guest.leaving).length;
  const due = guests.filter(({ leaving: gone }) => !gone);
  const forced = due.filter((guest) => isForced(guest, input)).map((guest) => forceDelete(guest, input));
  const evicted = due
    .filter((guest) => !isForced(guest, input) && guest.wave <= wave && mayEvict(guest, input))
    .slice(0, Math.max(0, IN_FLIGHT - leaving))
    .map(({ pod }): PodAction => ({ kind: 'Evict', pod: refOf(pod) }));
  return [...forced, ...evicted];
}

const mayEvict = (guest: Guest, input: DrainInput): boolean =>
  guest.podClass !== 'Protected' && guest.podClass !== 'Blocking' && !isHeldBack(guest, input);

const isHeldBack = ({ pod }: Guest, { refused, now }: DrainInput): boolean =>
  (refused.get(pod.metadata.uid)?.until.getTime() ?? 0) > now.getTime();

/** A pod is deleted when the time left is what it needs to end (contract D12). */
const isForced = ({ pod }: Guest, input: DrainInput): boolean =>
  input.rules.onDeadline === 'ForceDelete' && input.now.getTime() >= forcedAt(pod, input);

const forcedAt = (pod: Pod, input: DrainInput): number => input.deadline.getTime() - graceMs(pod, input);

const graceMs = ({ spec }: Pod, { rules }: DrainInput): number =>
  Math.min((spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_S) * 1000, rules.gracePeriodMs);

/** Never 0: that would take the pod from the API before it has ended (contracts D12, D13). */
function forceDelete({ pod }: Guest, input: DrainInput): PodAction {
  const left = Math.min(graceMs(pod, input), input.deadline.getTime() - input.now.getTime());
  return { kind: 'Delete', pod: refOf(pod), gracePeriodSeconds: Math.max(1, Math.floor(left / 1000)) };
}

const refOf = ({ metadata }: Pod): PodRef => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid,
});

function blockerOf({ pod, podClass }: Guest, { refused, cordonedAt }: DrainInput): Blocker | undefined {
  const { namespace = '', name, uid } = pod.metadata;
  const blocker = (reason: string, since: Date | undefined) => ({
    kind: 'Pod',
    namespace,
    name,
    reason,
    since: `${(since ?? new Date(0)).toISOString().slice(0, 19)}Z`,
  });
  if (podClass === 'Protected') return blocker('It asks not to be evicted', cordonedAt);
  if (podClass === 'Blocking') return blocker('Nothing would bring it back, and unmanagedPods is Block', cordonedAt);
  const refusal = refused.get(uid);
  return refusal && blocker(refusal.reason, refusal.since);
}

function nextMoment(guests: readonly Guest[], input: DrainInput): number | undefined {
  const { now, cordonedAt } = input;
  const counted = guests.filter(({ podClass }) => podClass !== 'Courtesy');
  const graces = guests.flatMap(({ pod, podClass, leaving }) =>
    podClass === 'Courtesy' && leaving ? Date.parse(pod.metadata.deletionTimestamp ?? '') : [],
  );
  const force =
    input.rules.onDeadline === 'ForceDelete'
      ? counted.filter(({ leaving }) => !leaving).map(({ pod }) => forcedAt(pod, input))
      : [];
  const retries = counted.flatMap(({ pod }) => input.refused.get(pod.metadata.uid)?.until.getTime() ?? []);
  const stuck = counted.flatMap(({ pod }) =>
    pod.metadata.deletionTimestamp ? Date.parse(pod.metadata.deletionTimestamp) + STUCK_AFTER_MS + 1 : [],
  );
  const settled = guests.length === 0 && cordonedAt !== undefined ? [cordonedAt.getTime() + SETTLE_MS] : [];
  const ahead = [...force, ...retries, ...stuck, ...graces, ...settled].filter((moment) => moment > now.getTime());
  return ahead.length === 0 ? undefined : Math.min(...ahead) - now.getTime();
}
