import { conditionOf } from '../conditions.ts';
import { answers } from './node-state.ts';
import { isRegistered, type Seen } from './seen.ts';

/** Between two sightings of a machine that is not there, before its worker is given up (contract S7). */
const TWICE_MS = 30_000;

/** Its Node had joined, and is gone or does not answer: then its machine is asked for. */
export const isSilent = (seen: Seen): boolean => isRegistered(seen) && (seen.node === undefined || !answers(seen.node));

/** When its machine was first seen to be gone; undefined while it is there. */
const missingSince = ({ worker }: Seen): number | undefined => {
  const gone = conditionOf(worker.status?.conditions, 'VmGone');
  return gone?.status === 'Unknown' ? Date.parse(gone.lastTransitionTime) : undefined;
};

/** Its Node does not answer, and the provider does not know its machine. */
export const isMissing = (seen: Seen): boolean => isSilent(seen) && seen.vm?.state === 'absent';

/**
 * Seen gone now and some time ago, while its Node does not answer: nothing is left to wait for (contract S7), unless too many
 * are gone at once (contract S9).
 */
export function isMachineLost(seen: Seen, now: Date): boolean {
  const since = missingSince(seen);
  return isMissing(seen) && seen.held === undefined && since !== undefined && now.getTime() >= since + TWICE_MS;
}

/** Until a silent worker is looked at again, in milliseconds. */
export function untilNextLook(seen: Seen, now: Date): number {
  const since = missingSince(seen);
  return since === undefined || seen.held !== undefined ? TWICE_MS : Math.max(0, since + TWICE_MS - now.getTime());
}
