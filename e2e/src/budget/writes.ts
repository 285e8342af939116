import type { AuditEntry } from '../control-plane/control-plane.ts';
import { auditName } from '../system/identity.ts';
import { wordsOf } from '../system/operator-writes.ts';

/** How often what was written, or looked at: `update allocations/status` and a number. */
export type Writes = Readonly<Record<string, number>>;

/** Bounded by rules of their own, and no part of any life cycle: Leases, Events, what pools publish and pods request, a provider's calls. */
const APART: ReadonlySet<string> = new Set(['leases', 'events', 'workerpools']);

/** The operator's calls that came through, about objects called this or this and more after a dash. */
export function writesAbout(name: string, entries: readonly AuditEntry[]): Writes {
  const counts: Record<string, number> = {};
  for (const entry of entries) {
    if (!isCounted(entry) || (entry.name !== name && !entry.name.startsWith(`${name}-`))) continue;
    const what = wordsOf(entry);
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

const isCounted = ({ user, verb, resource, subresource, code }: AuditEntry): boolean =>
  user === auditName('cortex-operator') &&
  code < 300 &&
  !APART.has(resource) &&
  !(resource === 'nodes' && verb === 'create') &&
  !isUsage({ verb, resource, subresource });

/** What the pods of a worker request is the only thing that is patched into a status. */
export const isUsage = ({
  verb,
  resource,
  subresource,
}: Pick<AuditEntry, 'verb' | 'resource' | 'subresource'>): boolean =>
  verb === 'patch' && resource === 'burstworkers' && subresource === 'status';

/** Looks are not writes. */
export const total = (writes: Writes): number =>
  Object.entries(writes).reduce((sum, [what, count]) => (what.startsWith('get ') ? sum : sum + count), 0);
