import { Allocations, BurstWorkers, McpServers, McpServerScales, NodeDrains, WorkerPools } from '@cortex/crds';
import type { World } from '../explain/world.ts';
import type { KubeClient } from '../kube/client.ts';
import { type Lease, Leases, type Namespace, Namespaces, type Pod, Pods } from '../kube/core.ts';
import { isForbidden, isNotFound } from '../kube/errors.ts';
import type { KubeObject, ResourceType } from '../kube/object.ts';

/** What the verbs look at, read once. */
export interface Snapshot extends World {
  readonly namespaces: readonly Namespace[];
  /** Of running and waiting jobs alike; empty where the reader may not list pods. */
  readonly pods: readonly Pod[];
  /** Of the operator; undefined where there is none, or none may be read. */
  readonly lease: Lease | undefined;
  readonly now: Date;
}

/** Reads everything at the same time. Throws one sentence where the kinds are not installed or may not be read. */
export async function snapshot(client: KubeClient, operatorNamespace: string, now: Date): Promise<Snapshot> {
  const every = async <T extends KubeObject>(type: ResourceType<T>): Promise<T[]> => await client.list(type);
  const [allocations, workers, pools, drains, servers, wishes, namespaces, pods, lease] = await Promise.all([
    every(Allocations as ResourceType<World['allocations'][number]>),
    every(BurstWorkers as ResourceType<World['workers'][number]>),
    every(WorkerPools as ResourceType<World['pools'][number]>),
    every(NodeDrains as ResourceType<World['drains'][number]>),
    every(McpServers as ResourceType<World['servers'][number]>),
    every(McpServerScales as ResourceType<World['wishes'][number]>),
    orNothing(every(Namespaces), []),
    orNothing(every(Pods), []),
    orNothing(client.get(Leases, `${operatorNamespace}/cortex-operator`), undefined),
  ]);
  return { allocations, workers, pools, drains, servers, wishes, namespaces, pods, lease, now };
}

/** What only adds to the picture may be missing from it. */
const orNothing = async <A, B>(read: Promise<A>, nothing: B): Promise<A | B> =>
  await read.catch((error: unknown) => {
    if (isForbidden(error) || isNotFound(error)) return nothing;
    throw error;
  });
