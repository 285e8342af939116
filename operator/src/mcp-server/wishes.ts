import type { McpServerScale } from '@cortex/crds';
import { LABEL, parseDuration } from '@cortex/crds';

/** The Allocation that keeps this wish, if one does. */
export const claimantOf = ({ metadata }: McpServerScale): string | undefined =>
  metadata.ownerReferences?.find(({ kind }) => kind === 'Allocation')?.name;

/** A waker keeps it while calls are in flight. */
export const isUsage = ({ metadata }: McpServerScale): boolean => metadata.labels?.[LABEL.waker] !== undefined;

/** Taken in as it reads now; an edit of its spec is a new wish. */
export const isAccepted = ({ metadata, status }: McpServerScale): boolean =>
  status?.acceptedSequence !== undefined && status.acceptedGeneration === metadata.generation;

/**
 * Its place in time. The version of its last edit is the only clock that tells two wishes of one second apart;
 * once accepted, the place is kept, whatever is written to it later.
 */
export const sequenceOf = (wish: McpServerScale): number =>
  (isAccepted(wish) ? wish.status?.acceptedSequence : undefined) ?? Number(wish.metadata.resourceVersion);

export function isLater(one: McpServerScale, other: McpServerScale): boolean {
  const [a, b] = [sequenceOf(one), sequenceOf(other)];
  return a === b ? one.metadata.uid > other.metadata.uid : a > b;
}

/** When the wish stops counting; undefined: never by itself. */
export function lapsesAt(wish: McpServerScale, now: number): number | undefined {
  if (wish.spec.ttl === '') return undefined;
  const from = isAccepted(wish) && wish.status?.acceptedAt !== undefined ? Date.parse(wish.status.acceptedAt) : now;
  return from + parseDuration(wish.spec.ttl);
}

export const isLapsed = (wish: McpServerScale, now: number): boolean => (lapsesAt(wish, now) ?? Infinity) <= now;

export interface Standing {
  /** The newest of all Sets and Overrides. */
  readonly newest: McpServerScale | undefined;
  /** The floors that count: all of them, but after an Override only later ones. */
  readonly floors: readonly McpServerScale[];
}

/** Who is heard about one server (api.md, McpServerScale). */
export function standing(wishes: readonly McpServerScale[], now: number): Standing {
  const alive = wishes.filter((wish) => wish.metadata.deletionTimestamp === undefined && !isLapsed(wish, now));
  const newest = alive
    .filter(({ spec }) => spec.policy !== 'AtLeast')
    .reduce<McpServerScale | undefined>((best, wish) => (best && isLater(best, wish) ? best : wish), undefined);
  const over = newest?.spec.policy === 'Override' ? newest : undefined;
  const floors = alive.filter((wish) => wish.spec.policy === 'AtLeast' && (!over || isLater(wish, over)));
  return { newest, floors };
}
