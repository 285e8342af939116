import { LABEL, type McpServer, type McpServerScale } from '@cortex/crds';
import type { Call } from './call.ts';
import { stamps } from './identity.ts';
import { live } from './ids.ts';
import { requestName } from './names.ts';
import { arrived, keyOf, taken, type Wished } from './wish-waits.ts';

/** How long a wish waits for the operator to take it up, where its server is not waited for. */
const TAKEN_MS = 5_000;

export interface Wanted {
  readonly replicas: number;
  /** Whatever others need: floors that Allocations have set are passed over, and pods are not given time. */
  readonly force?: boolean;
}

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
  const trouble = await taken(own, wanted.replicas, reached ? timeoutMs : TAKEN_MS, call);
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
