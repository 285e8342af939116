import type { Allocation } from '@cortex/crds';
import { conditionOf, isTrue } from '../conditions.ts';
import { type Subject, workersOf, type World } from './world.ts';

/** One thing in the way. */
export interface Blocker {
  readonly kind: string;
  /** With its namespace, where it has one. */
  readonly name: string;
  readonly why: string;
  readonly since: string | undefined;
}

/** What is in the way of an object, the first of it first. */
export function blockersOf(subject: Subject, world: World): readonly Blocker[] {
  switch (subject.kind) {
    case 'Allocation':
      return [
        ...holdersInTheWay(subject, world),
        ...workersInTheWay(subject, world),
        ...serversInTheWay(subject, world),
      ];
    case 'BurstWorker':
    case 'NodeDrain':
      return (subject.status?.drain?.blockers ?? []).map(({ kind, namespace, name, reason, since }) => ({
        kind,
        name: namespace === undefined ? name : `${namespace}/${name}`,
        why: reason,
        since,
      }));
    case 'WorkerPool':
    case 'McpServer':
    case 'McpServerScale':
      return [];
  }
}

/** Who has what it waits for in the queue. */
const holdersInTheWay = (allocation: Allocation, { placeOf }: World): Blocker[] =>
  (placeOf?.(allocation)?.holders ?? []).map(({ kind, name, workers, until }) => ({
    kind,
    name,
    why: `it holds ${workers} worker${workers === 1 ? '' : 's'} ${until === undefined ? 'for as long as it likes' : `until ${until}`}`,
    since: undefined,
  }));

function workersInTheWay(allocation: Allocation, world: World): Blocker[] {
  if (isTrue(allocation.status?.conditions, 'Ready') || isTrue(allocation.status?.conditions, 'Finished')) return [];
  return workersOf(world, allocation)
    .filter(({ status }) => !isTrue(status?.conditions, 'Ready'))
    .map(({ metadata, status }) => {
      const ready = conditionOf(status?.conditions, 'Ready');
      const why = ready?.message ?? 'it was just made';
      return { kind: 'BurstWorker', name: metadata.name, why, since: ready?.lastTransitionTime };
    });
}

function serversInTheWay({ spec, metadata, status }: Allocation, { servers }: World): Blocker[] {
  if (isTrue(status?.conditions, 'Ready') || isTrue(status?.conditions, 'Finished')) return [];
  return (spec.mcpServers ?? []).flatMap((wanted) => {
    const name = `${metadata.namespace ?? ''}/${wanted}`;
    const server = servers.find((each) => `${each.metadata.namespace ?? ''}/${each.metadata.name}` === name);
    if (server === undefined) return [{ kind: 'McpServer', name, why: 'there is none', since: undefined }];
    if (server.status?.phase === 'Running') return [];
    const ready = conditionOf(server.status?.conditions, 'Ready');
    const why = ready?.message ?? 'nothing is known of it yet';
    return [{ kind: 'McpServer', name, why, since: ready?.lastTransitionTime }];
  });
}
