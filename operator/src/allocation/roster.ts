import type { BurstWorker } from '@cortex/crds';
import { workerName } from './names.ts';
import { isUsable, type Seen, wantedWorkers } from './seen.ts';

/** One place of a job's workers: the worker that stands in it, if there is one yet. */
export interface Place {
  readonly name: string;
  readonly worker: BurstWorker | undefined;
  /** It has been seen alive, so its absence is a loss and not a delay. */
  readonly known: boolean;
}

export interface Roster {
  readonly places: readonly Place[];
  readonly nextOrdinal: number;
  /** Workers lost since the last look, whose places were given to replacements. */
  readonly lost: readonly string[];
}

/**
 * Who stands, or shall stand, for each worker that was promised. A lost worker's place goes to the lowest ordinal
 * never used (contract C1), but only once the lost one holds no capacity any more, so that a reservation is never
 * overrun (contract A4).
 */
export function rosterOf(seen: Seen): Roster {
  const present = new Map([...seen.chosen, ...seen.claimed].map((worker) => [worker.metadata.name, worker]));
  const before = plannedPlaces(seen, present);
  const lost = before.filter(isLost).map(({ name }) => name);
  let nextOrdinal = seen.allocation.status?.nextOrdinal ?? 0;
  const places = before.map((place) =>
    isLost(place) ? { name: nameFor(seen, nextOrdinal++), worker: undefined, known: false } : place,
  );
  return { places, nextOrdinal, lost };
}

function plannedPlaces(seen: Seen, present: ReadonlyMap<string, BurstWorker>): Place[] {
  const published = seen.allocation.status?.workers ?? [];
  const names = published.length > 0 ? published.map(({ name }) => name) : namesOfClaims(seen);
  const known = new Set(published.filter(({ phase }) => phase !== 'Requested').map(({ name }) => name));
  return names
    .slice(0, wantedWorkers(seen.allocation))
    .map((name) => ({ name, worker: present.get(name), known: known.has(name) }));
}

const namesOfClaims = (seen: Seen): string[] =>
  seen.claimed
    .filter(isUsable)
    .map(({ metadata }) => metadata.name)
    .toSorted();

/** Gone without trace after it was known; one that still retires keeps its place, and its capacity. */
const isLost = ({ worker, known }: Place): boolean => worker === undefined && known;

const nameFor = ({ allocation, pool }: Seen, ordinal: number): string =>
  workerName(allocation.status?.reserved?.pool ?? pool?.metadata.name ?? '', allocation.metadata.uid, ordinal);
