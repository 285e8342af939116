import type { Allocation, BurstWorker } from '@cortex/crds';

/** Something that waits for capacity: an Allocation, or a BurstWorker that a person made. */
export type Candidate = Allocation | BurstWorker;

const RANK = { Critical: 3, High: 2, Normal: 1, Low: 0 } as const;
export type Priority = keyof typeof RANK;

/** Hand-made workers queue at Normal. */
export const priorityOf = (candidate: Candidate): Priority =>
  candidate.kind === 'Allocation' ? candidate.spec.priority : 'Normal';

export const outranks = (a: Priority, b: Priority): boolean => RANK[a] > RANK[b];

/** Priority descending, then creation, then UID, for creation time has a grain of one second (contract A5). */
export const inOrder = <C extends Candidate>(candidates: readonly C[]): C[] =>
  candidates.toSorted(
    (a, b) =>
      RANK[priorityOf(b)] - RANK[priorityOf(a)] ||
      compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
      compare(a.metadata.uid, b.metadata.uid),
  );

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the head's age has closed the pool to everything behind it (contract A5). */
export const isStrict = (
  queue: { ordering: 'Strict' | 'BestEffort' },
  ageAfterMs: number,
  head: Candidate,
  now: Date,
): boolean => queue.ordering === 'Strict' || now.getTime() - Date.parse(head.metadata.creationTimestamp) >= ageAfterMs;
