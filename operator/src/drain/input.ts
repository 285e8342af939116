import type { Reason } from '@cortex/crds';
import type { Pod, PodDisruptionBudget } from '../kube/core.ts';
import type { DrainRules } from './rules.ts';

/** Everything that decides what a drain does next. */
export interface DrainInput {
  readonly pods: readonly Pod[];
  readonly rules: DrainRules;
  /** When the Node was cordoned; undefined while it is not. */
  readonly cordonedAt: Date | undefined;
  readonly deadline: Date;
  readonly now: Date;
  /** What was refused, by pod UID. */
  readonly refused: ReadonlyMap<string, Refused>;
  /** Until when a removal that was accepted is given to show in the copy, by pod UID: until then it is not asked again. */
  readonly asked: ReadonlyMap<string, Date>;
  /** Those of the pods' namespaces. */
  readonly budgets: readonly PodDisruptionBudget[];
  /** UIDs of the DaemonSets that exist. */
  readonly daemonSets: ReadonlySet<string>;
  /** What the provider says of the machine of a Node that does not answer; undefined while it answers (contract D14). */
  readonly machine: 'off' | 'on' | 'unknown' | undefined;
}

/** An eviction, or a deletion, that the API server refused: not to be tried again before then. */
export interface Refused {
  readonly until: Date;
  /** It was to be deleted: not even what need not ask a budget was allowed. */
  readonly deletion?: boolean;
  readonly since: Date;
  readonly reason: Extract<Reason, 'PodsBlocked' | 'MultiplePDBs'>;
  readonly message: string;
  /** The budget that refused it, as `namespace/name`, and the version of it that was known then. */
  readonly budget?: { readonly key: string; readonly version: string };
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type PodAction =
  | { readonly kind: 'Evict'; readonly pod: PodRef }
  | { readonly kind: 'Delete'; readonly pod: PodRef; readonly gracePeriodSeconds: number };

/** What the API server made of an eviction, by consequence (contract D9). */
export type Answer =
  | { readonly kind: 'Accepted' | 'Gone' }
  /** The server is busy: nobody evicts anything until then. */
  | { readonly kind: 'Throttled'; readonly retryAfterMs: number }
  /** Not now, and why. */
  | { readonly kind: 'Refused'; readonly by: 'Budget' | 'Budgets' | 'Server'; readonly message: string };

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
  /** Why pods may not leave yet, in one sentence. */
  readonly blockage: { readonly reason: Reason; readonly message: string } | undefined;
  /** When it will be done, as far as can be told. */
  readonly eta: Date | undefined;
  /** Milliseconds until time alone changes the plan. */
  readonly requeueAfterMs?: number;
}
