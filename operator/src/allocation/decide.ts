import { parseDuration } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { rosterOf } from './roster.ts';
import { endingOf, hasRun, isLeftTo, type Seen, stageOf } from './seen.ts';
import { isTracked } from './tracked.ts';
import { warningAt } from './warning.ts';

/** What the Allocation's controller can do. Reservations are the admission loop's. */
export type Action =
  | { readonly kind: 'CreateWorker'; readonly name: string }
  | { readonly kind: 'ClaimWorker'; readonly name: string }
  | { readonly kind: 'DeleteWorker'; readonly name: string }
  | { readonly kind: 'CreateWish'; readonly server: string }
  | { readonly kind: 'DeleteWish'; readonly server: string }
  | { readonly kind: 'Collect' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const REST: Decision = { actions: [] };
/** When to look again whether time can be trusted. */
const FROZEN_MS = 5_000;

/** What an Allocation needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  switch (stageOf(seen, now)) {
    case 'Deleting':
    case 'Queued':
      return REST;
    case 'Finished':
      return collect(seen, now);
    case 'Ending':
      return { actions: unwantedWishes(seen) };
    case 'HandedOver':
      return seen.taker?.settled === true ? { actions: unwantedWishes(seen) } : REST;
    case 'Held':
      return {
        actions: [...failedWorkers(seen), ...missingWorkers(seen), ...missingWishes(seen)],
        ...nextMoment(seen, now),
      };
  }
}

/** A worker that fails once the job runs is cleared away, so that its place can be given to another. */
const failedWorkers = ({ allocation, claimed }: Seen): Action[] =>
  claimed
    .filter(({ status, metadata }) => status?.phase === 'Failed' && metadata.deletionTimestamp === undefined)
    .filter(() => hasRun(allocation))
    .map(({ metadata }) => ({ kind: 'DeleteWorker', name: metadata.name }));

function missingWorkers(seen: Seen): Action[] {
  if (!isTrue(seen.allocation.status?.conditions, 'QuotaReserved')) return [];
  const { places, lost } = rosterOf(seen);
  if (lost.length > 0) return []; // the new names are published before anything bears them
  return places.flatMap(({ name, worker }): Action[] => {
    if (worker === undefined) return [{ kind: 'CreateWorker', name }];
    return isLeftTo(worker, seen.allocation) ? [{ kind: 'ClaimWorker', name }] : [];
  });
}

const missingWishes = ({ servers }: Seen): Action[] =>
  servers.filter(({ wish }) => wish === undefined).map(({ name }) => ({ kind: 'CreateWish', server: name }));

const unwantedWishes = ({ servers }: Seen): Action[] =>
  servers.filter(({ wish }) => wish !== undefined).map(({ name }) => ({ kind: 'DeleteWish', server: name }));

/** The next moment at which time alone changes something. */
function nextMoment(seen: Seen, now: Date): Pick<Decision, 'requeueAfterMs'> {
  const end = endingOf(seen);
  const moments = [warningAt(seen.allocation, end), end.expiresAt].filter((moment) => moment > now.getTime());
  if (seen.frozen !== undefined && end.expiresAt <= now.getTime()) return { requeueAfterMs: FROZEN_MS };
  return moments.length === 0 ? {} : { requeueAfterMs: Math.min(...moments) - now.getTime() };
}

function collect(seen: Seen, now: Date): Decision {
  const { spec, status } = seen.allocation;
  const leftover = unwantedWishes(seen);
  if (spec.ttlAfterFinished === '' || isTracked(seen.allocation) || status?.finishedAt === undefined)
    return { actions: leftover };
  const waitMs = Date.parse(status.finishedAt) + parseDuration(spec.ttlAfterFinished) - now.getTime();
  if (waitMs > 0) return { actions: leftover, requeueAfterMs: waitMs };
  if (seen.frozen !== undefined) return { actions: leftover, requeueAfterMs: FROZEN_MS };
  return { actions: [...leftover, { kind: 'Collect' }] };
}
