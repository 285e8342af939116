import { parseDuration } from '@cortex/crds';
import { isTrue } from '../conditions.ts';
import { rosterOf } from './roster.ts';
import { endingOf, type Seen, stageOf, wantedWorkers } from './seen.ts';
import { warningAt } from './warning.ts';

/** What the Allocation's controller can do. Reservations are the admission loop's. */
export type Action =
  | { readonly kind: 'CreateWorker'; readonly name: string }
  | { readonly kind: 'ClaimWorker'; readonly name: string }
  | { readonly kind: 'CreateWish'; readonly server: string }
  | { readonly kind: 'DeleteWish'; readonly server: string }
  | { readonly kind: 'Collect' };

export interface Decision {
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const REST: Decision = { actions: [] };

/** What an Allocation needs next, in the order of its life. */
export function decide(seen: Seen, now: Date): Decision {
  switch (stageOf(seen, now)) {
    case 'Deleting':
    case 'Queued':
      return REST;
    case 'Finished':
      return collect(seen, now);
    case 'Ending':
      return { actions: wishesOf(seen).map((server) => ({ kind: 'DeleteWish', server })) };
    case 'Held':
      return { actions: [...missingWorkers(seen), ...missingWishes(seen)], ...nextMoment(seen, now) };
  }
}

function missingWorkers(seen: Seen): Action[] {
  if (!isTrue(seen.allocation.status?.conditions, 'QuotaReserved')) return [];
  const { places, lost } = rosterOf(seen);
  if (lost.length > 0) return []; // the new names are published before anything bears them
  const free = new Set(seen.chosen.map(({ metadata }) => metadata.name));
  return places
    .filter(({ name, worker }) => worker === undefined || free.has(name))
    .map(({ name }): Action => ({ kind: free.has(name) ? 'ClaimWorker' : 'CreateWorker', name }));
}

const missingWishes = ({ servers }: Seen): Action[] =>
  servers.filter(({ wish }) => wish === undefined).map(({ name }) => ({ kind: 'CreateWish', server: name }));

const wishesOf = ({ servers }: Seen): string[] =>
  servers.filter(({ wish }) => wish !== undefined).map(({ name }) => name);

/** The next moment at which time alone changes something. */
function nextMoment(seen: Seen, now: Date): Pick<Decision, 'requeueAfterMs'> {
  const end = endingOf(seen);
  if (end === undefined) return {};
  const moments = [warningAt(seen.allocation, end), end.expiresAt].filter((moment) => moment > now.getTime());
  return moments.length === 0 ? {} : { requeueAfterMs: Math.min(...moments) - now.getTime() };
}

/** Marks by which ArgoCD and Flux know the objects they keep. */
const TRACKING = [
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/instance',
  'app.kubernetes.io/instance',
  'kustomize.toolkit.fluxcd.io/name',
  'helm.toolkit.fluxcd.io/name',
];

/** Whether an owner in Git keeps this object: deleting it would only make it come back (contract T10). */
export const isTracked = ({ metadata }: Seen['allocation']): boolean =>
  TRACKING.some((key) => metadata.labels?.[key] !== undefined || metadata.annotations?.[key] !== undefined);

function collect(seen: Seen, now: Date): Decision {
  const { spec, status } = seen.allocation;
  const leftover: Action[] = wishesOf(seen).map((server) => ({ kind: 'DeleteWish', server }));
  if (spec.ttlAfterFinished === undefined || spec.ttlAfterFinished === '') return { actions: leftover };
  if (isTracked(seen.allocation) || status?.finishedAt === undefined) return { actions: leftover };
  const waitMs = Date.parse(status.finishedAt) + parseDuration(spec.ttlAfterFinished) - now.getTime();
  return waitMs > 0 ? { actions: leftover, requeueAfterMs: waitMs } : { actions: [...leftover, { kind: 'Collect' }] };
}

/** Whether every worker that ever stood for it is gone. */
export const isEmpty = (seen: Seen): boolean => wantedWorkers(seen.allocation) === 0 || seen.claimed.length === 0;
