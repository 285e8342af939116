import type { BurstWorker } from '@cortex/crds';
import { workerName } from './names.ts';
import { isUsable, type Seen, wantedWorkers } from './seen.ts';

/** One place of a job's workers, and the worker that stands in it, if there is one yet. */
export interface Place {
  readonly name: string;
  readonly worker: BurstWorker | undefined;
}

export interface Roster {
  readonly places: readonly Place[];
  readonly nextOrdinal: number;
  /** Workers lost since the last look, whose places were given to replacements. */
  readonly lost: readonly string[];
}

/**
 * Who stands, or shall stand, for each worker that was promised. A lost worker's place goes to the lowest ordinal
 * never used (contract C1), but only once the lost one is gone, so that a reservation is never overrun (contract A4).
 */
export function rosterOf(seen: Seen): Roster {
  const present = new Map([...seen.named, ...seen.claimed].map((worker) => [worker.metadata.name, worker]));
  const places = plannedNames(seen).map((name) => ({ name, worker: present.get(name) }));
  const lost = new Set(places.filter((place) => isLost(seen, place)).map(({ name }) => name));
  let nextOrdinal = seen.allocation.status?.nextOrdinal ?? 0;
  return {
    places: places.map((place) =>
      lost.has(place.name) ? { name: nameFor(seen, nextOrdinal++), worker: undefined } : place,
    ),
    nextOrdinal,
    lost: [...lost],
  };
}

function plannedNames(seen: Seen): string[] {
  const published = (seen.allocation.status?.workers ?? []).map(({ name }) => name);
  return (published.length > 0 ? published : namesOfClaims(seen)).slice(0, wantedWorkers(seen.allocation));
}

const namesOfClaims = (seen: Seen): string[] =>
  seen.claimed
    .filter(isUsable)
    .map(({ metadata }) => metadata.name)
    .toSorted();

/** Gone, and not merely still to be made: it was seen alive, or it was somebody's free worker. */
const isLost = (seen: Seen, { name, worker }: Place): boolean =>
  worker === undefined && (wasSeen(seen, name) || !isOwnName(seen, name));

const wasSeen = ({ allocation }: Seen, name: string): boolean =>
  allocation.status?.workers?.find((row) => row.name === name)?.phase !== 'Requested';

function isOwnName(seen: Seen, name: string): boolean {
  const ordinal = Number(name.slice(name.lastIndexOf('-') + 1));
  return ordinal < (seen.allocation.status?.nextOrdinal ?? 0) && nameFor(seen, ordinal) === name;
}

const nameFor = ({ allocation, pool }: Seen, ordinal: number): string =>
  workerName(allocation.status?.reserved?.pool ?? pool?.metadata.name ?? '', allocation.metadata.uid, ordinal);
