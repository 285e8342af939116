import type { McpServer, McpServerScale } from '@cortex/crds';
import type { Call } from './call.ts';
import { becauseOf, desiredOf } from './present/server.ts';
import { clean } from './present/text.ts';
import { follow, TIMED_OUT, type WaitOutcome } from './wait.ts';

export interface Wished {
  readonly server: McpServer;
  /** Null: the wish is applied, and no more was waited for. */
  readonly wait: { readonly outcome: WaitOutcome; readonly message: string } | null;
}

export const keyOf = ({ metadata }: McpServer | McpServerScale): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

/** Waits until the operator has taken the wish up; answers what came of it instead, if something did. */
export async function taken(
  own: McpServerScale,
  replicas: number,
  timeoutMs: number,
  call: Call,
): Promise<Wished['wait'] | undefined> {
  const answer = await follow<'wishes', NonNullable<Wished['wait']> | 'applied'>(call, {
    kind: 'wishes',
    key: keyOf(own),
    timeoutMs,
    until: (seen) => (seen === undefined ? SUPERSEDED : (endOf(seen, replicas) ?? undefined)),
    say: (seen) => saidOf(seen, 'Applied') ?? 'waiting for the operator to take the wish up',
  });
  if (answer === TIMED_OUT)
    return { outcome: 'timed_out', message: 'The wish is written, but the operator has not applied it yet' };
  return answer === 'applied' ? undefined : answer;
}

const SUPERSEDED = { outcome: 'superseded', message: 'A newer wish replaced this one' } as const;

function endOf(seen: McpServerScale, replicas: number): NonNullable<Wished['wait']> | 'applied' | undefined {
  const { phase, effectiveReplicas, acceptedGeneration, conditions = [] } = seen.status ?? {};
  if (acceptedGeneration !== seen.metadata.generation) return undefined;
  if (phase === 'Superseded' || phase === 'Lapsed') return SUPERSEDED;
  const holds = (type: string) => conditions.find((each) => each.type === type);
  if (holds('Accepted')?.status !== 'True') return undefined;
  const clamp = conditions.find(({ reason }) => reason === 'Clamped');
  if (clamp !== undefined && effectiveReplicas !== replicas)
    return { outcome: 'clamped', message: clean(clamp.message) };
  const applied = holds('Applied');
  if (applied?.status === 'True') return 'applied';
  const isOnItsWay = applied === undefined || applied.reason === 'Scaling';
  return isOnItsWay ? undefined : { outcome: 'conflict', message: clean(applied.message) };
}

const saidOf = (seen: McpServerScale | undefined, type: string): string | undefined => {
  const message = seen?.status?.conditions?.find((each) => each.type === type)?.message;
  return message === undefined ? undefined : clean(message, 200);
};

/** Follows the server until it has these replicas, or until it is plain that it will not. */
export async function arrived(server: McpServer, replicas: number, timeoutMs: number, call: Call): Promise<Wished> {
  let latest = server;
  const answer = await follow<'servers', NonNullable<Wished['wait']>>(call, {
    kind: 'servers',
    key: keyOf(server),
    timeoutMs,
    until: (seen) => {
      latest = seen ?? latest;
      return seen === undefined ? { outcome: 'conflict', message: 'The server is gone' } : standing(seen, replicas);
    },
    say: (seen) => (seen === undefined ? 'gone' : lineOf(seen)),
  });
  if (answer !== TIMED_OUT) return { server: latest, wait: answer };
  return {
    server: latest,
    wait: timeoutMs === 0 ? null : { outcome: 'timed_out', message: `It goes on: ${lineOf(latest)}` },
  };
}

/** How a server stands to the replicas that were wished; undefined while it is on its way. */
function standing(server: McpServer, replicas: number): NonNullable<Wished['wait']> | undefined {
  const { status } = server;
  const conflict = status?.conditions?.find(({ type }) => type === 'ScaleConflict');
  if (conflict?.status === 'True') return { outcome: 'conflict', message: clean(conflict.message) };
  if (desiredOf(server) !== replicas) {
    const others = becauseOf(server).map(({ kind, name, wants }) => `${kind} ${name} wants ${wants}`);
    return others.length === 0
      ? undefined
      : { outcome: 'conflict', message: `Kept at ${desiredOf(server)}: ${others.join(', ')}` };
  }
  const there = replicas === 0 ? status?.phase === 'Stopped' : status?.phase === 'Running';
  return there ? { outcome: 'ready', message: lineOf(server) } : undefined;
}

const lineOf = ({ status }: McpServer): string =>
  `${status?.phase ?? 'Pending'}: ${status?.ready ?? 0} of ${status?.desired ?? 0} replicas ready`;
