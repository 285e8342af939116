import { type McpServer, type McpServerScale } from '@cortex/crds';
import type { Service, Workload } from './kube/apps.ts';
import type { Pod } from './kube/core.ts';
import { keyOf } from './kube/object.ts';
import { changesServer, changesWishes, isSilent } from './mcp-server/concern.ts';
import { idOf, targetOf, workloadOf, workloadOfPod } from './mcp-server/workload.ts';
import { same } from './published.ts';
import { INDEX, type Kinds } from './stores.ts';

/** Where changes that concern servers and wishes are announced: keys only. */
export interface ServerQueues {
  readonly server: (key: string) => void;
  readonly wish: (key: string) => void;
}

type Labelled = (labels: Workload['metadata']['labels']) => boolean;

/** Which change concerns which server, and which wish. */
export function wireServers(kinds: Kinds, labelled: Labelled, queues: ServerQueues): void {
  const tell = (server: McpServer): void => {
    queues.server(keyOf(server));
    tellWishes(keyOf(server));
  };
  /** Wishes that say nothing of themselves need not hear of anything. */
  const tellWishes = (serverKey: string): void => {
    for (const wish of kinds.wishes.store.byIndex(INDEX.server, serverKey))
      if (!isSilent(wish)) queues.wish(keyOf(wish));
  };
  const tellOwners = (workload: string | undefined): void => {
    if (workload !== undefined)
      for (const server of kinds.servers.store.byIndex(INDEX.workload, workload)) tell(server);
  };

  kinds.servers.store.onChange((key, now, before) => {
    queues.server(key);
    tellWishes(key);
    if (now !== undefined && before !== undefined) return;
    for (const { metadata, spec } of [now, before].flatMap((server) => server ?? [])) {
      queues.server(`${metadata.namespace}/${spec.workloadRef.name}`); // adoption waits for, or makes room to, others
      for (const other of kinds.servers.store.byIndex(INDEX.workload, workloadOf({ metadata, spec } as McpServer)))
        queues.server(keyOf(other));
    }
  });
  kinds.wishes.store.onChange((key, now, before) => {
    queues.wish(key);
    for (const server of serversOf(now, before)) {
      if (changesServer(kinds.servers.get(server), now, before)) queues.server(server);
      if (changesWishes(now, before))
        for (const wish of kinds.wishes.store.byIndex(INDEX.server, server)) queues.wish(keyOf(wish));
    }
  });
  for (const { store } of [kinds.deployments, kinds.statefulSets])
    store.onChange((key, now, before) => {
      if (labelled(now?.metadata.labels) || labelled(before?.metadata.labels)) queues.server(key);
      for (const id of new Set([now, before].flatMap((workload) => (workload ? idOf(workload) : [])))) tellOwners(id);
    });
  kinds.services.store.onChange((_key, now, before) => {
    for (const server of behind(kinds, now, before)) queues.server(keyOf(server));
  });
  kinds.autoscalers.store.onChange((_key, now, before) => {
    const [is, was] = [now && targetOf(now), before && targetOf(before)];
    if (is !== was) for (const id of [is, was]) tellOwners(id);
  });
  kinds.pods.store.onChange((_key, now, before) => {
    if (now !== undefined && hasMoved(now, before))
      for (const server of kinds.servers.store.byIndex(INDEX.workload, workloadOfPod(now) ?? ''))
        queues.server(keyOf(server));
  });
}

const serversOf = (...versions: (McpServerScale | undefined)[]): Set<string> =>
  new Set(versions.flatMap((wish) => (wish ? `${wish.metadata.namespace}/${wish.spec.serverRef.name}` : [])));

/** Of a pod only two moments matter: it is on a Node, and it was told to end. */
const hasMoved = (now: Pod, before: Pod | undefined): boolean =>
  now.spec.nodeName !== before?.spec.nodeName || now.metadata.deletionTimestamp !== before?.metadata.deletionTimestamp;

/** The servers a Service is, was, or may come to be in front of. */
function behind(kinds: Kinds, ...versions: (Service | undefined)[]): McpServer[] {
  const [now, before] = versions;
  if (
    same(now?.spec, before?.spec) &&
    same(now?.status, before?.status) &&
    same(now?.metadata.annotations, before?.metadata.annotations)
  )
    return [];
  const services = versions.flatMap((service) => service ?? []);
  const [first] = services;
  if (first === undefined) return [];
  return kinds.servers.store.byIndex(INDEX.namespace, first.metadata.namespace ?? '').filter(({ spec, status }) => {
    const names = [spec.service, spec.workloadRef.name, status?.service];
    return status?.service === undefined || names.includes(first.metadata.name);
  });
}
