import { matches } from '../admission/label-selector.ts';
import type { Pod, PodDisruptionBudget } from '../kube/core.ts';

/** The budgets that cover a pod, among those of its namespace; one without a selector covers nothing. */
export const budgetsOf = ({ metadata }: Pod, budgets: readonly PodDisruptionBudget[]): PodDisruptionBudget[] =>
  budgets.filter(
    ({ metadata: { namespace }, spec }) =>
      namespace === metadata.namespace && spec.selector !== undefined && matches(spec.selector, metadata.labels ?? {}),
  );

/** How many evictions under a budget are asked for at once: one, unless it says that it allows more (contract D10). */
export const allowance = ({ status }: PodDisruptionBudget): number => Math.max(1, status?.disruptionsAllowed ?? 1);

export const allowsSome = ({ status }: PodDisruptionBudget): boolean => (status?.disruptionsAllowed ?? 0) > 0;

/**
 * All its pods are healthy, nothing is being disrupted, and still it allows nothing: it never will (contract D11).
 * This is reported, and never a licence to force.
 */
export const neverAllows = ({ metadata, status }: PodDisruptionBudget): boolean =>
  status !== undefined &&
  status.observedGeneration === metadata.generation &&
  (status.expectedPods ?? 0) > 0 &&
  (status.currentHealthy ?? 0) >= (status.expectedPods ?? 0) &&
  Object.keys(status.disruptedPods ?? {}).length === 0 &&
  (status.disruptionsAllowed ?? 0) === 0;

/** What a budget asks for, in numbers that stay while it does. */
export const sentenceOf = (budget: PodDisruptionBudget): string =>
  neverAllows(budget)
    ? `it never allows a disruption: all ${budget.status?.expectedPods ?? 0} of its pods are healthy and it needs ${budget.status?.desiredHealthy ?? 0}; loosen it, or add replicas`
    : `it allows no disruption now: it needs ${budget.status?.desiredHealthy ?? 0} healthy pods and has ${budget.status?.currentHealthy ?? 0}`;
