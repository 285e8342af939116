import { LABEL, type McpServer, type McpServerScale } from '@cortex/crds';
import type { Call } from './call.ts';
import { stamps } from './identity.ts';
import { live } from './ids.ts';
import { requestName } from './names.ts';
import { becauseOf, desiredOf } from './present/server.ts';
import { clean } from './present/text.ts';
import { follow, TIMED_OUT, type WaitOutcome } from './wait.ts';

/** How long a wish waits for the operator to take it up, where its server is not waited for. */
const TAKEN_MS = 5_000;

export interface Wanted {
  readonly replicas: number;
  /** Whatever others need: floors that Allocations have set are passed over, and pods are not given time. */
  readonly force?: boolean;
}

export interface Wished {
  readonly server: McpServer;
  /** Null: the wish is applied, and no more was waited for. */
  readonly wait: { readonly outcome: WaitOutcome; readonly message: string } | null;
}

const keyOf = ({ metadata }: McpServer | McpServerScale): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Wishes these replicas, unless that is the present wish, and waits until it is applied, or until the server has them. */
export async function wish(
  server: McpServer,
  wanted: Wanted,
  { reached, timeoutMs }: { readonly reached: boolean; readonly timeoutMs: number },
  call: Call,
): Promise<Wished> {
  const own =
    (await standingWish(server, wanted, call)) ?? (await call.cluster.create('wishes', draftOf(server, wanted, call)));
  const startedAt = performance.now();
  const trouble = await taken(own, wanted, reached ? timeoutMs : TAKEN_MS, call);
  // A wish says applied after its server said so, but two watches keep no order: only a read is sure to know it.
  const told = await call.cluster.get('servers', keyOf(server));
  if (trouble !== undefined) return { server: told, wait: trouble };
  const leftMs = Math.max(1, timeoutMs - (performance.now() - startedAt));
  return await arrived(told, wanted.replicas, reached ? leftMs : 0, call);
}

/** The present wish, if it is this one already; the API server is asked, for another process may just have wished otherwise. */
async function standingWish(
  server: McpServer,
  { replicas, force = false }: Wanted,
  call: Call,
): Promise<McpServerScale | undefined> {
  const seen = presentWish(await call.cluster.list('wishes'), server);
  if (force || seen?.spec.replicas !== replicas) return undefined;
  const now = await live(call, 'wishes', keyOf(seen));
  const present = now === undefined ? undefined : presentWish([now], server);
  return present?.spec.replicas === replicas ? present : undefined;
}

/** What is wished of a server now: of all Sets and Overrides the newest that was accepted. */
export function presentWish(wishes: readonly McpServerScale[], { metadata }: McpServer): McpServerScale | undefined {
  const counting = wishes.filter(
    (each) =>
      each.metadata.namespace === metadata.namespace &&
      each.spec.serverRef.name === metadata.name &&
      each.spec.policy !== 'AtLeast' &&
      each.metadata.deletionTimestamp === undefined &&
      each.status?.phase === 'Effective',
  );
  return counting.toSorted((a, b) => (b.status?.acceptedSequence ?? 0) - (a.status?.acceptedSequence ?? 0))[0];
}

function draftOf({ metadata }: McpServer, { replicas, force = false }: Wanted, call: Call) {
  const prefix = `${metadata.name.slice(0, 40).replace(/[-.]+$/, '')}-`;
  return {
    metadata: {
      name: requestName(prefix, { principal: call.caller.principal, tool: 'scale_mcp', key: undefined }),
      namespace: metadata.namespace ?? call.namespace,
      labels: { [LABEL.ephemeral]: 'true' },
      annotations: stamps(call),
    },
    spec: {
      serverRef: { name: metadata.name },
      replicas,
      policy: force ? ('Override' as const) : ('Set' as const),
      force,
    },
  };
}

/** Waits until the operator has taken the wish up; answers what came of it instead, if something did. */
async function taken(
  own: McpServerScale,
  { replicas }: Wanted,
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
