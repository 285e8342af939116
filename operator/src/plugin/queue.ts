import type { Allocation } from '@cortex/crds';
import { Office } from '../admission/office.ts';
import { type Place, placeOf } from '../admission/place.ts';
import { type Candidate, priorityOf } from '../admission/queue.ts';
import { deadlineOf } from '../admission/refuse.ts';
import type { Verdict } from '../admission/verdict.ts';
import { conditionOf } from '../conditions.ts';
import { age } from '../explain/age.ts';
import { keyOf } from '../kube/object.ts';
import type { Snapshot } from './cluster.ts';
import type { Page } from './page.ts';

/** The same office as the operator's, told of the same objects: who waits in which order, and what it would decide now. */
export function officeOver(seen: Snapshot): { readonly office: Office; readonly verdicts: readonly Verdict[] } {
  const servers = new Set(seen.servers.map(keyOf));
  const office = new Office({
    labelsOf: (name) => seen.namespaces.find(({ metadata }) => metadata.name === name)?.metadata.labels,
    lacks: (type) => notBuilt(seen, type),
    hasServer: (key) => servers.has(key),
  });
  for (const pool of seen.pools) office.poolChanged(pool, undefined);
  for (const worker of seen.workers) office.workerChanged(worker, undefined);
  for (const allocation of seen.allocations) office.allocationChanged(allocation, undefined);
  return { office, verdicts: office.pass(seen.now) };
}

/** Where one stands; nowhere where it does not wait in a line. */
export function placeIn(seen: Snapshot, { metadata }: Allocation): Place | undefined {
  const { office } = officeOver(seen);
  const ticket = office.waiters.get(metadata.uid)?.ticket;
  if (ticket === undefined) return undefined;
  const { name } = ticket.pool.metadata;
  return placeOf(ticket, office.waiters.line(name), office.books.of(name));
}

/** The operator knows which providers it has, and says so on the pool. */
function notBuilt({ pools }: Snapshot, type: string): string | undefined {
  const said = pools
    .filter(({ spec }) => spec.provider?.type === type)
    .map(({ status }) => conditionOf(status?.conditions, 'Ready'));
  return said.find((condition) => condition?.reason === 'ProviderNotBuilt')?.message;
}

interface Waiting {
  readonly position: number;
  readonly pool: string;
  readonly kind: string;
  readonly name: string;
  readonly priority: string;
  readonly workers: number;
  readonly waitingSince: string;
  readonly reason: string;
  readonly failsAt?: string;
}

/** Who waits for each pool, in the order in which they are served; then those that no free capacity would help. */
export function queue(seen: Snapshot): Page {
  const { office } = officeOver(seen);
  const waiting = [
    ...seen.pools.flatMap(({ metadata }) => inLine(office, metadata.name)),
    ...office.waiters.outside().map((candidate) => entry(candidate, 0, '-')),
  ];
  const rows = waiting.map((each) => [
    each.pool,
    each.position === 0 ? '-' : String(each.position),
    each.name,
    each.priority,
    String(each.workers),
    age(seen.now.getTime() - Date.parse(each.waitingSince)),
    each.reason,
    each.failsAt === undefined ? '-' : age(Date.parse(each.failsAt) - seen.now.getTime()),
  ]);
  return {
    data: { items: waiting },
    sections: rows.length === 0 ? [{ lines: ['Nobody waits.'] }] : [{ head: HEAD, rows }],
  };
}

const HEAD = ['POOL', 'TURN', 'NAME', 'PRIORITY', 'WORKERS', 'AGE', 'REASON', 'FAILS IN'];

function inLine(office: Office, pool: string): Waiting[] {
  const walk = office.waiters.line(pool).walk();
  const found: Waiting[] = [];
  for (let ticket = walk.next(); ticket !== undefined; ticket = walk.next())
    found.push(entry(ticket.candidate, found.length + 1, pool));
  return found;
}

function entry(candidate: Candidate, position: number, pool: string): Waiting {
  const failsAt = candidate.kind === 'Allocation' ? new Date(deadlineOf(candidate).at).toISOString() : undefined;
  return {
    position,
    pool,
    kind: candidate.kind,
    name: keyOf(candidate),
    priority: priorityOf(candidate),
    workers: candidate.kind === 'Allocation' ? (candidate.spec.workers?.count ?? 0) : 1,
    waitingSince: candidate.metadata.creationTimestamp,
    reason: conditionOf(candidate.status?.conditions, 'Ready')?.reason ?? 'just created',
    ...(failsAt === undefined ? {} : { failsAt }),
  };
}
