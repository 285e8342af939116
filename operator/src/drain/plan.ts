import { blockersOf } from './blockers.ts';
import { evict, forceDelete, isForced, takeAway } from './forcing.ts';
import { type Guest, guestsOf } from './guests.ts';
import { holdsOn, isDue, type Hold, mayBeDeleted, withinBudgets } from './held.ts';
import type { DrainInput, Plan, PodAction } from './input.ts';
import { etaOf, isSettled, untilNext } from './moments.ts';

/** The next steps of emptying one Node: a pure function of what is on it, the clock, and what was refused. */
export function planDrain(input: DrainInput): Plan {
  const guests = guestsOf(input);
  const counted = guests.filter(({ podClass }) => podClass !== 'Courtesy');
  const wave = Math.min(...counted.map((guest) => guest.wave), Number.POSITIVE_INFINITY);
  const holds = holdsOn(counted, input);
  const wake = untilNext(guests, holds, input);
  return {
    actions: input.cordonedAt === undefined ? [] : actionsOn(guests, wave, holds, input),
    drained: guests.length === 0 && isSettled(input),
    wave: Number.isFinite(wave) ? wave : 0,
    counts: {
      total: counted.length,
      evicted: counted.filter(({ leaving }) => leaving).length,
      waiting: counted.filter((guest) => !guest.leaving && guest.wave > wave).length,
      blocked: holds.size,
      ignored: input.pods.length - guests.length,
    },
    ...blockersOf(holds, input),
    eta: etaOf(guests, holds, input),
    ...(wake === undefined ? {} : { requeueAfterMs: wake }),
  };
}

/**
 * By what is known of the machine (contract D14): off, nothing on it runs, and no budget keeps the pods; unknown, nothing
 * is done; otherwise waves are evicted, and pods past their own deadline skip the wave gate (contract D7).
 */
function actionsOn(
  guests: readonly Guest[],
  wave: number,
  holds: ReadonlyMap<Guest, Hold>,
  input: DrainInput,
): PodAction[] {
  if (input.machine === 'unknown') return [];
  const present = guests.filter((guest) => !isAsked(guest, input));
  const deletable = present.filter((guest) => mayBeDeleted(holds.get(guest), input.now));
  if (input.machine === 'off') return deletable.map(takeAway);
  const staying = present.filter(({ leaving }) => !leaving);
  const forced = deletable.filter((guest) => !guest.leaving && isForced(guest, input));
  const evictable = staying.filter(
    (guest) => !isForced(guest, input) && guest.wave <= wave && isDue(holds.get(guest), input.now),
  );
  return [...forced.map((guest) => forceDelete(guest, input)), ...withinBudgets(evictable).map(evict)];
}

/** It was removed a moment ago, and the copy does not show it yet. */
const isAsked = ({ pod }: Guest, { asked, now }: DrainInput): boolean =>
  (asked.get(pod.metadata.uid)?.getTime() ?? 0) > now.getTime();
