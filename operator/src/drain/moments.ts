import { forcedAt } from './forcing.ts';
import { excusedAt, type Guest } from './guests.ts';
import type { Hold } from './held.ts';
import type { DrainInput } from './input.ts';
import { protectedUntil } from './protection.ts';

/** After the cordon a scheduler may still bind what it had already decided on (contract D5). */
const SETTLE_MS = 5_000;
const LOOK_AGAIN_MS = 5_000;

export const isSettled = ({ cordonedAt, now }: DrainInput): boolean =>
  cordonedAt !== undefined && now.getTime() - cordonedAt.getTime() >= SETTLE_MS;

const settledAt = ({ cordonedAt }: DrainInput): number[] =>
  cordonedAt === undefined ? [] : [cordonedAt.getTime() + SETTLE_MS];

/** The next moment at which time alone changes the plan, in milliseconds from now. */
export function untilNext(
  guests: readonly Guest[],
  holds: ReadonlyMap<Guest, Hold>,
  input: DrainInput,
): number | undefined {
  const now = input.now.getTime();
  if (input.machine === 'unknown') return LOOK_AGAIN_MS;
  const staying = guests.filter(({ leaving }) => !leaving);
  const moments = [
    ...staying.map((guest) => forcedAt(guest, input)),
    ...staying.map(({ pod }) => protectedUntil(pod)),
    ...[...holds.values()].flatMap((hold) => (typeof hold === 'string' ? [] : hold.until.getTime())),
    ...guests.flatMap(({ pod }) => input.asked.get(pod.metadata.uid)?.getTime() ?? []),
    ...guests.flatMap((guest) => excusedAt(guest) ?? []),
    ...(guests.length === 0 ? settledAt(input) : []),
  ].filter((moment) => Number.isFinite(moment) && moment > now);
  return moments.length === 0 ? undefined : Math.min(...moments) - now;
}

/** When the last pod will be gone, if nothing else comes up; unknown where a person has to do something first. */
export function etaOf(guests: readonly Guest[], holds: ReadonlyMap<Guest, Hold>, input: DrainInput): Date | undefined {
  const forces = input.rules.onDeadline === 'ForceDelete';
  if (holds.size > 0) return forces ? input.deadline : undefined;
  const waves = [...new Set(guests.map(({ wave }) => wave))];
  const later = waves.reduce((sum, wave) => sum + longestGrace(guests, wave), 0);
  const gone = guests.flatMap(({ pod, leaving }) => (leaving ? Date.parse(pod.metadata.deletionTimestamp ?? '') : []));
  const at = Math.max(input.now.getTime() + later, ...gone, ...settledAt(input));
  return new Date(forces ? Math.min(at, Math.max(input.deadline.getTime(), ...settledAt(input))) : at);
}

const longestGrace = (guests: readonly Guest[], wave: number): number =>
  Math.max(0, ...guests.filter((guest) => guest.wave === wave && !guest.leaving).map(({ graceMs }) => graceMs));
