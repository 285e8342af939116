import type { Pod, PodDisruptionBudget } from '../kube/core.ts';
import { keyOf } from '../kube/object.ts';
import { allowance, allowsSome, budgetsOf } from './budgets.ts';
import { guestsOf } from './guests.ts';
import type { Blocker, DrainInput, Refused } from './input.ts';
import { planDrain } from './plan.ts';
import type { DrainRules } from './rules.ts';

/** A drain that has not begun, of Nodes that are drained at the same time. */
export interface ComingDrain {
  /** The pods of each Node. */
  readonly nodes: readonly (readonly Pod[])[];
  readonly rules: DrainRules;
  readonly budgets: readonly PodDisruptionBudget[];
  readonly daemonSets: ReadonlySet<string>;
  readonly beginsAt: Date;
  /** When what is left is forced, where the pool forces. */
  readonly hardStopAt: Date;
}

/** What will come of it, as far as can be told from what is there now. */
export interface Forecast {
  readonly pods: number;
  /** When the last pod will be gone; undefined where a person has to do something first. */
  readonly eta: Date | undefined;
  /** What would not let its pods go, each thing once. */
  readonly blockers: readonly Blocker[];
}

/**
 * The drain as it would go with the pods and budgets of this moment: waves, graces, turns under a budget, and who would not
 * let its pods go.
 */
export function forecast(drain: ComingDrain): Forecast {
  const inputs = drain.nodes.map((pods) => asBegun(pods, drain));
  const plans = inputs.map(planDrain);
  const ends = [drain.beginsAt, ...plans.map(({ eta }) => eta), ...turnsUnderBudgets(inputs, drain)];
  const blockers = plans.flatMap((plan) => plan.blockers);
  return {
    pods: plans.reduce((sum, { counts }) => sum + counts.total, 0),
    eta: ends.reduce(later),
    blockers: [...new Map(blockers.map((each) => [`${each.kind} ${each.namespace}/${each.name}`, each])).values()],
  };
}

const later = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a === undefined || b === undefined ? undefined : new Date(Math.max(a.getTime(), b.getTime()));

function asBegun(pods: readonly Pod[], drain: ComingDrain): DrainInput {
  const { rules, budgets, daemonSets, beginsAt, hardStopAt } = drain;
  return {
    pods,
    rules,
    budgets,
    daemonSets,
    cordonedAt: beginsAt,
    now: beginsAt,
    deadline: hardStopAt,
    refused: new Map(pods.flatMap((pod) => refusalOf(pod, drain))),
    asked: new Map(),
    machine: undefined,
  };
}

/** What the API server would answer to an eviction under a budget that allows none. */
function refusalOf(pod: Pod, { budgets, beginsAt, hardStopAt }: ComingDrain): [string, Refused][] {
  const covering = budgetsOf(pod, budgets);
  const strict = covering.length > 1 ? covering[0] : covering.find((budget) => !allowsSome(budget));
  if (strict === undefined) return [];
  const several = covering.length > 1;
  const refused: Refused = {
    until: hardStopAt,
    since: beginsAt,
    reason: several ? 'MultiplePDBs' : 'PodsBlocked',
    message: several ? 'more than one PodDisruptionBudget covers it, which evictions refuse' : 'its budget allows none',
    ...(several ? {} : { budget: { key: keyOf(strict), version: strict.metadata.resourceVersion } }),
  };
  return [[pod.metadata.uid, refused]];
}

/** Pods under a budget leave in turns, as many at once as it allows, each for as long as the slowest takes. */
function turnsUnderBudgets(
  inputs: readonly DrainInput[],
  { budgets, beginsAt, rules, hardStopAt }: ComingDrain,
): Date[] {
  const guests = inputs.flatMap(guestsOf);
  return budgets.filter(allowsSome).map((budget) => {
    const covered = guests.filter((guest) => guest.budgets.includes(budget));
    const turns = Math.ceil(covered.length / allowance(budget));
    const end = beginsAt.getTime() + turns * Math.max(0, ...covered.map(({ graceMs }) => graceMs));
    return new Date(rules.onDeadline === 'ForceDelete' ? Math.min(end, hardStopAt.getTime()) : end);
  });
}
