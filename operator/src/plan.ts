import { FIELD_MANAGER } from '@cortex/crds';
import type { KubeConfig } from '@kubernetes/client-node';
import { RemovalBreaker } from './breaker/removal-breaker.ts';
import { clusterIdOf } from './cluster-id.ts';
import type { Config } from './config.ts';
import { kindsOver } from './follow.ts';
import { createClient } from './kube/api-client.ts';
import type { KubeClient } from './kube/client.ts';
import { Nodes } from './kube/core.ts';
import type { Kind } from './kube/kind.ts';
import { keyOf, type KubeObject } from './kube/object.ts';
import { openTransport } from './kube/transport.ts';
import { OrphanRoom } from './orphans/controller.ts';
import { Leaks } from './orphans/leaks.ts';
import { orphansPlan } from './orphans/plan.ts';
import { snapshot } from './plugin/cluster.ts';
import type { Page } from './plugin/page.ts';
import { plan as planOf } from './plugin/plan.ts';
import { plain, print } from './plugin/print.ts';
import { equip } from './provider-kinds.ts';
import { ServerClock } from './runtime/clock.ts';
import type { Kinds } from './stores.ts';

/** What collection, expiry and preemption would do now and by themselves, with the evidence. Nothing is written (S12). */
export async function plan(config: Config, kubeConfig: KubeConfig): Promise<string> {
  const clock = new ServerClock();
  const transport = await openTransport(kubeConfig, {
    userAgent: 'cortex-operator-plan/0.1.0',
    http2: config.http2,
    observer: { dated: (...seen) => clock.observe(...seen) },
  });
  const client = readOnly(createClient(transport, FIELD_MANAGER));
  const now = (): Date => clock.now();
  const equipment = equip({ ...config, client, now, called: () => undefined });
  try {
    const seen = { ...(await snapshot(client, config.namespace, now())), now: now() };
    const kinds = kindsOver(client);
    fill(kinds.pools, seen.pools);
    fill(kinds.namespaces, seen.namespaces);
    fill(kinds.nodes, await client.list(Nodes));
    const found = await orphans(kinds, equipment.providers, config, now);
    return print(withOrphans(planOf(seen), found), plain);
  } finally {
    await equipment.close();
    await transport.close();
  }
}

/** The first look of a room that is asked for nothing else. */
async function orphans(
  kinds: Kinds,
  providers: ReturnType<typeof equip>['providers'],
  { orphans: mode }: Config,
  now: () => Date,
): Promise<string[]> {
  const room = new OrphanRoom({
    kinds,
    providers,
    leaks: new Leaks(),
    breaker: new RemovalBreaker(kinds),
    mode,
    clusterId: () => clusterIdOf(kinds),
    fence: refuse,
    frozen: () => undefined,
    now,
  });
  return orphansPlan(await room.observe(), mode);
}

const withOrphans = ({ data, sections }: Page, found: readonly string[]): Page => ({
  data,
  sections: [
    ...sections,
    { title: 'Nobody claims', lines: found.length === 0 ? ['Every machine has its BurstWorker.'] : found },
  ],
});

function fill<T extends KubeObject>({ store }: Kind<T>, objects: readonly T[]): void {
  store.replace(new Map(objects.map((object) => [keyOf(object), object])), '0');
}

/** Whatever asks for a write finds that there are none. */
const readOnly = (client: KubeClient): KubeClient => ({
  get: (type, key) => client.get(type, key),
  list: (type, options) => client.list(type, options),
  create: refuse,
  update: refuse,
  updateStatus: refuse,
  patch: refuse,
  apply: refuse,
  delete: refuse,
  evict: refuse,
});

function refuse(): never {
  throw new Error('A plan writes nothing');
}
