import type { VmView } from '../providers/provider.ts';
import { doubtAboutListing } from './doubt.ts';
import type { Listing, Look } from './seen.ts';
import type { LostMachine } from './suspect.ts';

/** Between the first and the last sighting of what is removed lies at least this (contract S6). */
export const APART_MS = 10 * 60_000;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Machines that carry this cluster's token and that nobody claims. One that several pools' providers show is one machine.
 * A list that is in doubt changes nothing of what was seen before it.
 */
export function lostMachines(look: Look, now: number): LostMachine[] {
  const found = new Map<string, LostMachine>();
  const listings = look.listings.toSorted((a, b) => (a.pool < b.pool ? -1 : 1));
  for (const listing of listings)
    for (const suspect of suspectsIn(listing, look, now)) if (!found.has(suspect.key)) found.set(suspect.key, suspect);
  return [...found.values()];
}

function suspectsIn(listing: Listing, look: Look, now: number): LostMachine[] {
  const before = look.before.suspects.filter((each) => each.kind === 'Machine');
  if (doubtAboutListing(listing, look.before) !== undefined)
    return before.filter(({ pool, provider }) => pool === listing.pool && provider === listing.provider);
  const waitMs = Math.max(APART_MS, longestJoinMs(look.listings, listing.provider));
  return (listing.machines ?? []).flatMap((machine) => {
    const token = tokenOf(machine, look.clusterId);
    if (token === undefined || look.workers?.has(token.workerUid) === true) return [];
    const key = `Machine ${listing.provider} ${token.id} ${token.workerUid}`;
    const firstSeenAt = before.find((each) => each.key === key)?.firstSeenAt ?? now;
    const { pool, provider } = listing;
    const { host, state } = machine;
    return [
      { kind: 'Machine', key, pool, provider, ...token, host, state, firstSeenAt, provenAt: firstSeenAt + waitMs },
    ];
  });
}

/** Undefined for what is not plainly ours: another cluster's, or a token that the operator could not have written. */
function tokenOf({ id, clusterId, workerUid }: VmView, ours: string): { id: string; workerUid: string } | undefined {
  const isOurs = clusterId === ours && workerUid !== undefined && UUID.test(workerUid);
  return isOurs && id !== undefined && id !== '' ? { id, workerUid } : undefined;
}

/** A machine does not say for which of the pools that share a provider it was made: the most patient one counts. */
const longestJoinMs = (listings: readonly Listing[], provider: string): number =>
  Math.max(0, ...listings.filter((each) => each.provider === provider).map(({ joinTimeoutMs }) => joinTimeoutMs));
