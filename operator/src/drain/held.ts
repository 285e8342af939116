import type { PodDisruptionBudget } from '../kube/core.ts';
import { keyOf } from '../kube/object.ts';
import { allowance, allowsSome } from './budgets.ts';
import type { Guest } from './guests.ts';
import type { DrainInput, Refused } from './input.ts';

/** What holds a pod back, for now. */
export type Hold = 'Protected' | 'Unmanaged' | Refused;

/**
 * What each guest is held back by, if anything: its own wish, its owner's absence, a refusal of it or of one like it. On a
 * machine that is off nothing runs that could be protected (contract D14), but its pods may be refused to be deleted.
 */
export function holdsOn(guests: readonly Guest[], input: DrainInput): Map<Guest, Hold> {
  const standing = new Map(guests.flatMap((guest) => standingRefusal(guest, input) ?? []));
  if (input.machine === 'off') return new Map([...standing].filter(([, { deletion }]) => deletion));
  const byBudget = new Map([...standing.values()].flatMap((refusal) => budgetEntry(refusal)));
  const holds = guests.flatMap((guest): [Guest, Hold][] => {
    const hold = holdOn(guest, standing, byBudget);
    return hold === undefined ? [] : [[guest, hold]];
  });
  return new Map(holds);
}

function holdOn(
  guest: Guest,
  standing: ReadonlyMap<Guest, Refused>,
  byBudget: ReadonlyMap<string, Refused>,
): Hold | undefined {
  if (guest.leaving) return undefined;
  if (guest.podClass === 'Protected') return 'Protected';
  if (guest.podClass === 'Blocking') return 'Unmanaged';
  return standing.get(guest) ?? guest.budgets.flatMap((budget) => byBudget.get(keyOf(budget)) ?? [])[0];
}

function standingRefusal(guest: Guest, { refused }: DrainInput): [[Guest, Refused]] | undefined {
  const refusal = refused.get(guest.pod.metadata.uid);
  return refusal === undefined || guest.leaving || isReleased(refusal, guest) ? undefined : [[guest, refusal]];
}

const budgetEntry = (refusal: Refused): [string, Refused][] =>
  refusal.budget === undefined ? [] : [[refusal.budget.key, refusal]];

/** The budget that refused it has changed since and allows something, or is gone: it is tried at once (contract D10). */
function isReleased({ budget }: Refused, { budgets }: Guest): boolean {
  if (budget === undefined) return false;
  const now = budgets.find((each) => keyOf(each) === budget.key);
  return now === undefined || (allowsSome(now) && now.metadata.resourceVersion !== budget.version);
}

/** May be tried again: what it was told to wait for is over. */
export const isDue = (hold: Hold | undefined, now: Date): boolean =>
  hold === undefined || (typeof hold !== 'string' && hold.until.getTime() <= now.getTime());

/** May be deleted, whoever holds it back: unless just that was refused a moment ago. */
export const mayBeDeleted = (hold: Hold | undefined, now: Date): boolean =>
  typeof hold !== 'object' || hold.deletion !== true || isDue(hold, now);

/** Of the pods that may go, as many under each budget as it allows at once (contract D10). */
export function withinBudgets(guests: readonly Guest[]): Guest[] {
  const asked = new Map<PodDisruptionBudget, number>();
  return guests.filter(({ budgets }) => {
    const fits = budgets.every((budget) => (asked.get(budget) ?? 0) < allowance(budget));
    if (fits) for (const budget of budgets) asked.set(budget, (asked.get(budget) ?? 0) + 1);
    return fits;
  });
}
