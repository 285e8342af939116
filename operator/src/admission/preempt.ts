import type { Allocation } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { type Amount, fitsIn, plus } from './amount.ts';
import type { Ticket } from './line.ts';
import { outranks, priorityOf } from './queue.ts';

/** What a request could get by taking the place of others. */
export interface Conquest {
  /** None where no set of victims makes it fit. */
  readonly victims: readonly Allocation[];
  /** When the next one of those that it outranks has run for minRuntime. */
  readonly notBefore: number | undefined;
}

interface Field {
  readonly ticket: Ticket;
  readonly need: Amount;
  /** What is there for it, or comes without anybody's harm. */
  readonly reach: Amount;
  readonly holders: readonly Allocation[];
  /** What would come back if this one gave way. */
  readonly gainOf: (holder: Allocation) => Amount;
}

/**
 * The fewest Allocations that must give way, of strictly lower priority and past minRuntime: those of the lowest priority
 * that became Ready last go first (contract A8).
 */
export function conquestOf(field: Field, now: Date): Conquest {
  const { ticket, holders } = field;
  const { policy, minRuntime } = ticket.pool.spec.preemption;
  if (policy === 'Never' || ticket.candidate.kind !== 'Allocation') return { victims: [], notBefore: undefined };
  const { candidate } = ticket;
  const outranked = holders.filter(
    (holder) => holder.status?.phase === 'Active' && outranks(priorityOf(candidate), priorityOf(holder)),
  );
  const matures = (holder: Allocation): number => readyAt(holder) + parseDuration(minRuntime);
  const ripe = outranked.filter((holder) => matures(holder) <= now.getTime()).toSorted(byWorth);
  const later = outranked.map(matures).filter((moment) => moment > now.getTime());
  return { victims: fewest(ripe, field), notBefore: later.length === 0 ? undefined : Math.min(...later) };
}

function fewest(ripe: readonly Allocation[], { need, reach, gainOf }: Field): Allocation[] {
  const suffices = (victims: readonly Allocation[]): boolean => fitsIn(need, victims.map(gainOf).reduce(plus, reach));
  const enough = ripe.findIndex((_, i) => suffices(ripe.slice(0, i + 1)));
  if (enough < 0) return [];
  const taken = ripe.slice(0, enough + 1);
  return taken.toReversed().reduce((victims, spared) => {
    const without = victims.filter((victim) => victim !== spared);
    return suffices(without) ? without : victims;
  }, taken);
}

const readyAt = ({ status }: Allocation): number => Date.parse(status?.readyAt ?? '');

/** The lowest priority first; of one priority the one that ran least. */
const byWorth = (a: Allocation, b: Allocation): number =>
  Number(outranks(priorityOf(a), priorityOf(b))) - Number(outranks(priorityOf(b), priorityOf(a))) ||
  readyAt(b) - readyAt(a) ||
  (a.metadata.uid < b.metadata.uid ? -1 : 1);
