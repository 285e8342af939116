import { conditionOf } from '../conditions.ts';
import { keyOf } from '../kube/object.ts';
import type { Line } from './line.ts';
import type { Office } from './office.ts';
import { placeOf } from './place.ts';
import { type Candidate, priorityOf } from './queue.ts';

/** How many of a line are shown; whoever looks for one asks for it by name. */
const SHOWN = 100;

/**
 * What the operator answers about who waits: of one Allocation its place, of a pool its line, of none an overview.
 * Read only, and from memory: asking costs the API server nothing.
 */
export function queueDocument(office: Office, query: URLSearchParams, now: Date): unknown {
  office.survey(now);
  const [name, pool] = [query.get('name'), query.get('pool')];
  if (name !== null) return one(office, `${query.get('namespace') ?? 'default'}/${name}`);
  if (pool !== null) return { pool, ...summary(office, pool), line: lineOf(office.waiters.line(pool)) };
  return { pools: office.pools.map(({ metadata }) => ({ pool: metadata.name, ...summary(office, metadata.name) })) };
}

function one(office: Office, key: string): unknown {
  const allocation = office.allocation(key);
  if (allocation === undefined) return { name: key, found: false };
  const ticket = office.waiters.get(allocation.metadata.uid)?.ticket;
  const said = conditionOf(allocation.status?.conditions, 'Ready');
  if (ticket === undefined)
    return { name: key, found: true, waits: false, reason: said?.reason, message: said?.message };
  const { name: pool } = ticket.pool.metadata;
  const place = placeOf(ticket, office.waiters.line(pool), office.books.of(pool));
  return { name: key, found: true, waits: true, reason: said?.reason, message: said?.message, ...place };
}

const summary = (office: Office, pool: string) => {
  const { total, used, available } = office.books.of(pool).ledger ?? {};
  return { ...office.pendingIn(pool), total, used, available };
};

function lineOf(line: Line): unknown[] {
  const walk = line.walk();
  const shown: unknown[] = [];
  for (let ticket = walk.next(); ticket !== undefined && shown.length < SHOWN; ticket = walk.next())
    shown.push({ position: shown.length + 1, ...entryOf(ticket.candidate, ticket.count, ticket.size.name) });
  return shown;
}

const entryOf = (candidate: Candidate, workers: number, size: string) => ({
  kind: candidate.kind,
  name: keyOf(candidate),
  priority: priorityOf(candidate),
  workers,
  size,
  since: candidate.metadata.creationTimestamp,
  reason: conditionOf(candidate.status?.conditions, 'Ready')?.reason,
});
