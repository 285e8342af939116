import type { Allocation, BurstWorker } from '@cortex/crds';

/** Something that waits for capacity: an Allocation, or a BurstWorker that was made without one. */
export type Candidate = Allocation | BurstWorker;

const RANK = { Critical: 3, High: 2, Normal: 1, Low: 0 } as const;
export type Priority = keyof typeof RANK;

/** Workers that people make queue at Normal. */
export const priorityOf = (candidate: Candidate): Priority =>
  candidate.kind === 'Allocation' ? candidate.spec.priority : 'Normal';

export const outranks = (a: Priority, b: Priority): boolean => RANK[a] > RANK[b];

/** Where a candidate stands: a higher rank first, then the older, then by UID, for creation time has a grain of one second (contract A5). */
export interface Turn {
  readonly rank: number;
  readonly since: string;
  readonly uid: string;
}

/** What a crash cut short is completed before anybody is served (contract C1), and what was freed for a request is kept for it (contract A8). */
const BEGUN = 5;
const EARMARKED = 4;
/** Warm workers are made from what nobody waits for (contract C4). */
const WARM = -1;

export function turnOf(candidate: Candidate, standing: { begun?: boolean; earmarked?: boolean } = {}): Turn {
  const { creationTimestamp: since, uid } = candidate.metadata;
  const asked = isWarm(candidate) ? WARM : RANK[priorityOf(candidate)];
  return { rank: standing.begun ? BEGUN : standing.earmarked ? EARMARKED : asked, since, uid };
}

/** Made by its pool to be claimed later, and not by a person for themselves. */
export const isWarm = (candidate: Candidate): boolean => candidate.kind === 'BurstWorker' && candidate.spec.claimable;

export const compareTurns = (a: Turn, b: Turn): number =>
  b.rank - a.rank || compare(a.since, b.since) || compare(a.uid, b.uid);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the age of one that waits has closed the pool to everything behind it (contract A5). */
export const isStrict = (
  queue: { ordering: 'Strict' | 'BestEffort' },
  ageAfterMs: number,
  head: Candidate,
  now: Date,
): boolean => queue.ordering === 'Strict' || now.getTime() - Date.parse(head.metadata.creationTimestamp) >= ageAfterMs;
