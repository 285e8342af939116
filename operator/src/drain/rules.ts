import { type NodeDrain, parseDuration, type WorkerPool } from '@cortex/crds';
import type { LabelSelector } from '../admission/label-selector.ts';

/** Pods that leave in an order of their own, or may stay. */
export interface OrderRule {
  readonly selector: LabelSelector;
  readonly order: number;
  readonly behavior: 'Drain' | 'Skip';
}

/** How a Node is emptied. */
export interface DrainRules {
  readonly daemonSets: 'Skip' | 'EvictLast';
  readonly unmanagedPods: 'Evict' | 'Block';
  readonly onDeadline: 'ForceDelete' | 'Hold';
  /** The most of a pod's own grace that is honoured. */
  readonly gracePeriodMs: number;
  /** The first that fits a pod counts. */
  readonly order: readonly OrderRule[];
}

/** Of a worker whose pool is gone nothing is forced: nobody is left who could have allowed it. */
const WITHOUT_POOL: DrainRules = {
  daemonSets: 'Skip',
  unmanagedPods: 'Evict',
  onDeadline: 'Hold',
  gracePeriodMs: 5 * 60_000,
  order: [],
};

export const rulesOfPool = (pool: WorkerPool | undefined): DrainRules =>
  pool === undefined ? WITHOUT_POOL : { ...pool.spec.drain, gracePeriodMs: parseDuration(pool.spec.drain.gracePeriod) };

export const rulesOfDrain = ({ spec }: NodeDrain): DrainRules => ({
  daemonSets: spec.daemonSets,
  unmanagedPods: spec.unmanagedPods,
  onDeadline: spec.onDeadline,
  gracePeriodMs: parseDuration(spec.gracePeriod),
  order: [],
});
