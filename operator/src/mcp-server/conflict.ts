import { FIELD_MANAGER } from '@cortex/crds';
import type { KubeObject } from '../kube/object.ts';

/** Who last set the replicas of a workload, and how often our own number was undone. */
export interface History {
  readonly replicas: number | undefined;
  readonly by: string;
  readonly at: number;
  /** Who undid our number last. */
  readonly against: string | undefined;
  /** When our number was undone, within the last five minutes. */
  readonly undone: readonly number[];
  /** How often it was tried since that was too often; 0: no conflict. */
  readonly tries: number;
}

const WINDOW_MS = 5 * 60_000;
const TOO_OFTEN = 3;
/** A number that stands this long was accepted. */
const STANDS_MS = 60_000;
const FIRST_TRY_MS = 4 * 60_000;
const LONGEST_MS = 30 * 60_000;

/** After a start: what the status says was applied, and whether there was a conflict. */
export const remembered = (replicas: number | undefined, conflicted: boolean, now: number): History => ({
  replicas,
  by: FIELD_MANAGER,
  at: now,
  against: undefined,
  undone: [],
  tries: conflicted ? 1 : 0,
});

export const wrote = (history: History, replicas: number, now: number): History => ({
  ...history,
  replicas,
  by: FIELD_MANAGER,
  at: now,
  tries: history.tries === 0 ? 0 : history.tries + 1,
});

/** Somebody else set the replicas; that undoes our number only if the last number was ours. */
export function foundForeign(history: History, replicas: number, by: string, now: number): History {
  const recent = history.undone.filter((at) => at > now - WINDOW_MS);
  const undone = history.by === FIELD_MANAGER ? [...recent, now] : recent;
  const tries = history.tries === 0 && undone.length >= TOO_OFTEN ? 1 : history.tries;
  return { replicas, by, at: now, against: by, undone, tries };
}

export interface Conflict {
  /** Undefined after a start, until it happens again. */
  readonly against: string | undefined;
  /** When to look again: then our number is tried once more, or has stood long enough. */
  readonly nextTryAt: number;
}

/** The conflict, while there is one: it ends when our number stands, or when the other party sets the same. */
export function conflictOf(history: History, wanted: number, now: number): Conflict | undefined {
  const { tries, at, against, replicas } = history;
  if (tries === 0) return undefined;
  if (!isForeign(history)) return now - at < STANDS_MS ? { against, nextTryAt: at + STANDS_MS } : undefined;
  const nextTryAt = at + Math.min(FIRST_TRY_MS * 2 ** (tries - 1), LONGEST_MS);
  return replicas === wanted ? undefined : { against, nextTryAt };
}

export const isForeign = ({ by }: History): boolean => by !== FIELD_MANAGER;

/** Without what a conflict that is over has left. */
export const atPeace = (history: History): History => ({ ...history, undone: [], tries: 0 });

/** Whose field it is where managedFields were cleared. */
export const UNKNOWN = 'unknown';

/** The field manager that set spec.replicas last, from a live object. */
export function writerOf({ metadata }: KubeObject): string {
  const writers = (metadata.managedFields ?? []).filter(({ fieldsV1 }) => holds(fieldsV1));
  return writers.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0]?.manager ?? UNKNOWN;
}

function holds(fields: Readonly<Record<string, unknown>> | undefined): boolean {
  const spec = fields?.['f:spec'];
  return typeof spec === 'object' && spec !== null && 'f:replicas' in spec;
}
