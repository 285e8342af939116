import type { Allocation, BurstWorker } from '@cortex/crds';
import { keyOf } from '../kube/object.ts';
import { type Amount, fitsIn, minus, NOTHING, plus, times } from './amount.ts';
import type { Line, Ticket } from './line.ts';
import type { PoolBook } from './pool-book.ts';
import { promisesOf } from './slots.ts';

/** Who has what one waits for, and until when. */
export interface Holder {
  readonly kind: 'Allocation' | 'BurstWorker';
  readonly name: string;
  readonly workers: number;
  /** When it gives them back; undefined where that is up to somebody. */
  readonly until: string | undefined;
}

/** Where one stands in the line of its pool. */
export interface Place {
  readonly pool: string;
  readonly position: number;
  /** What is missing for it now; nothing where only its turn is. */
  readonly missing: { readonly workers: number; readonly cpu: number; readonly memory: number };
  /** Those whose return would make it fit, the earliest first; empty where nothing that is held would. */
  readonly holders: readonly Holder[];
  readonly sentence: string;
}

/** Its turn, what it waits for and who has that, until when: served when asked for, and never stored (contract A7). */
export function placeOf(ticket: Ticket, line: Line, book: PoolBook): Place {
  const pool = ticket.pool.metadata.name;
  const position = line.ahead(ticket.turn) + 1;
  const need = times(ticket.one, ticket.count - ticket.standing.length);
  const room = book.ledger?.available ?? NOTHING;
  const missing = short(need, room);
  const holders = fitsIn(missing, NOTHING) ? [] : enough(missing, returnsOf(book));
  return { pool, position, missing, holders, sentence: sentence(position, pool, missing, holders) };
}

const short = (need: Amount, room: Amount): Amount => ({
  workers: Math.max(0, need.workers - room.workers),
  cpu: Math.max(0, need.cpu - room.cpu),
  memory: Math.max(0, need.memory - room.memory),
});

interface Return extends Holder {
  readonly amount: Amount;
}

/** What comes back to the pool, in the order in which it is expected to. */
function returnsOf(book: PoolBook): Return[] {
  const promised = new Set<string>();
  const allocations = [...book.reserving].map((allocation): Return => {
    const names = promisesOf(allocation).map(([name]) => name);
    for (const name of names) promised.add(name);
    return { ...holderOf(allocation, names.length), amount: sumOf(names, book) };
  });
  const workers = [...book.workers]
    .filter(({ metadata }) => !promised.has(metadata.name) && book.usedBy(metadata.name).workers > 0)
    .map((worker): Return => ({ ...ownOf(worker), amount: book.usedBy(worker.metadata.name) }));
  return [...allocations, ...workers].toSorted((a, b) => ((a.until ?? NEVER) < (b.until ?? NEVER) ? -1 : 1));
}

const NEVER = '9';

const holderOf = (allocation: Allocation, workers: number): Holder => ({
  kind: 'Allocation',
  name: keyOf(allocation),
  workers,
  until: allocation.status?.expiresAt,
});

/** One on its way out is back by the end of its drain. */
const ownOf = ({ metadata, status }: BurstWorker): Holder => ({
  kind: 'BurstWorker',
  name: metadata.name,
  workers: 1,
  until: status?.drain?.deadline ?? status?.expiresAt,
});

const sumOf = (names: readonly string[], book: PoolBook): Amount =>
  names.map((name) => book.usedBy(name)).reduce(plus, NOTHING);

function enough(missing: Amount, returns: readonly Return[]): Holder[] {
  const holders: Holder[] = [];
  let left = missing;
  for (const { amount, ...holder } of returns) {
    holders.push(holder);
    left = minus(left, amount);
    if (fitsIn(left, NOTHING)) return holders;
  }
  return [];
}

function sentence(position: number, pool: string, missing: Amount, holders: readonly Holder[]): string {
  const turn = `${ordinal(position)} in line for WorkerPool ${pool}`;
  if (fitsIn(missing, NOTHING)) return `${turn}, waiting for its turn`;
  const what = missing.workers > 0 ? `${missing.workers} worker${missing.workers === 1 ? '' : 's'}` : 'capacity';
  if (holders.length === 0) return `${turn}, waiting for ${what} that nobody holds: the pool must grow`;
  const held = holders.slice(0, NAMED).map(heldBy).join(', ');
  const more = holders.length > NAMED ? ` and ${holders.length - NAMED} more` : '';
  return `${turn}, waiting for ${what} held by ${held}${more}`;
}

const NAMED = 3;

const heldBy = ({ kind, name, until }: Holder): string =>
  `${kind} ${name} ${until === undefined ? 'for as long as it likes' : `until ${until}`}`;

function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
