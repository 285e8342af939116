import {
  type Allocation,
  Allocations,
  type BurstWorker,
  BurstWorkers,
  McpServers,
  type McpServerScale,
  McpServerScales,
  type NodeDrain,
  NodeDrains,
  WorkerPools,
} from '@cortex/crds';
import { machineOf } from './burst-worker/identity.ts';
import { takesDrainSlot, takesRaiseSlot } from './burst-worker/slots.ts';
import type { KubeClient } from './kube/client.ts';
import {
  type DaemonSet,
  DaemonSets,
  Namespaces,
  type Node,
  Nodes,
  type Pod,
  type PodDisruptionBudget,
  PodDisruptionBudgets,
  Pods,
} from './kube/core.ts';
import { Kind } from './kube/kind.ts';
import type { KubeObject, ResourceType } from './kube/object.ts';
import { Reflector } from './kube/reflector.ts';
import { Store, type StoreOptions } from './kube/store.ts';
import type { Transport } from './kube/transport.ts';
import type { Follower } from './runtime/run.ts';
import { INDEX, type Kinds } from './stores.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { WatchLog } from './watch-log.ts';

/** A local copy of every kind the controllers read, with the indexes by which they find things. */
export function kindsOver(client: KubeClient): Kinds {
  const kind = <T extends KubeObject>(type: ResourceType<T>, options: StoreOptions<T> = {}): Kind<T> =>
    new Kind(client, type, new Store<T>(options));
  return {
    allocations: kind<Allocation>(Allocations, {
      indexes: {
        [INDEX.pool]: ({ status }) => present(status?.reserved?.pool),
        [INDEX.taken]: ({ status }) => present(status?.tookOver?.uid),
        [INDEX.wanted]: ({ spec }) => (spec.workers === undefined ? [] : [spec.workers.pool ?? '']),
        [INDEX.server]: ({ metadata, spec }) => (spec.mcpServers ?? []).map((name) => `${metadata.namespace}/${name}`),
      },
    }),
    workers: kind<BurstWorker>(BurstWorkers, {
      indexes: {
        [INDEX.pool]: ({ spec }) => [spec.pool],
        [INDEX.claimant]: ({ spec }) => present(spec.claimRef?.uid),
        [INDEX.machine]: ({ metadata }) => [metadata.uid],
        [INDEX.raising]: (worker) => (takesRaiseSlot(worker) ? [worker.spec.pool] : []),
        [INDEX.draining]: (worker) => (takesDrainSlot(worker) ? [worker.spec.pool] : []),
      },
    }),
    pools: kind(WorkerPools),
    drains: kind<NodeDrain>(NodeDrains, { indexes: { [INDEX.node]: ({ spec }) => [spec.nodeName] } }),
    servers: kind(McpServers),
    wishes: kind<McpServerScale>(McpServerScales, {
      indexes: { [INDEX.owner]: ({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid) },
    }),
    nodes: kind<Node>(Nodes, {
      indexes: { [INDEX.machine]: (node) => present(machineOf(node) || undefined) },
      transform: trimNode,
    }),
    pods: kind<Pod>(Pods, { indexes: { [INDEX.node]: ({ spec }) => present(spec.nodeName) }, transform: trimPod }),
    namespaces: kind(Namespaces),
    budgets: kind<PodDisruptionBudget>(PodDisruptionBudgets, {
      indexes: { [INDEX.namespace]: ({ metadata }) => present(metadata.namespace) },
    }),
    daemonSets: kind<DaemonSet>(DaemonSets, { transform: nameOnly }),
  };
}

const present = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

/** Without heartbeats and images, which would make every look at a Node a change. */
function trimNode(node: Node): Node {
  const { capacity, allocatable, addresses, nodeInfo } = node.status ?? {};
  const conditions = (node.status?.conditions ?? []).map(({ type, status, reason }) => ({
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
  }));
  return {
    ...node,
    status: {
      conditions,
      ...(capacity === undefined ? {} : { capacity }),
      ...(allocatable === undefined ? {} : { allocatable }),
      ...(addresses === undefined ? {} : { addresses }),
      ...(nodeInfo?.systemUUID === undefined ? {} : { nodeInfo: { systemUUID: nodeInfo.systemUUID } }),
    },
  };
}

/** A DaemonSet is only asked whether it exists. */
const nameOnly = ({
  apiVersion,
  kind,
  metadata: { name, namespace = '', uid, resourceVersion, creationTimestamp },
}: DaemonSet): DaemonSet => ({
  apiVersion,
  kind,
  metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
});

/** What a drain asks of a pod: whose it is, where, how important, how long it takes to end. */
function trimPod({ spec, status, ...pod }: Pod): Pod {
  const { nodeName, priorityClassName, terminationGracePeriodSeconds, tolerations, volumes } = spec;
  return {
    ...pod,
    spec: {
      containers: [],
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      ...(terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds }),
      ...(tolerations === undefined ? {} : { tolerations }),
      ...(volumes === undefined ? {} : { volumes: volumes.filter(({ emptyDir }) => emptyDir !== undefined) }),
    },
    ...(status === undefined ? {} : { status: trimmed(status) }),
  };
}

/** A copy that is kept, for how long its watch has been closed, and whether it may be used to destroy something. */
export type Watched = Follower & { readonly outageMs: number; readonly settled: boolean };
const trimmed = ({ phase, startTime }: NonNullable<Pod['status']>): NonNullable<Pod['status']> => ({
  ...(phase === undefined ? {} : { phase }),
  ...(startTime === undefined ? {} : { startTime }),
});

/** What keeps the copies equal to the server. */
export function followersOf(kinds: Kinds, transport: Transport, log: WatchLog, metrics: Metrics): Watched[] {
  const follow = <T extends KubeObject>({ type, store }: Kind<T>): Watched => {
    const name = type.plural;
    const reflector: Reflector<T> = new Reflector<T>({
      transport,
      type,
      store,
      observer: metrics.reflector(name, () => reflector),
      onProblem: (error) => log.problem(type, error),
      onRecovered: (ms) => log.recovered(type, ms),
    });
    return reflector;
  };
  return [
    follow(kinds.allocations),
    follow(kinds.workers),
    follow(kinds.pools),
    follow(kinds.drains),
    follow(kinds.servers),
    follow(kinds.wishes),
    follow(kinds.nodes),
    follow(kinds.pods),
    follow(kinds.namespaces),
    follow(kinds.budgets),
    follow(kinds.daemonSets),
  ];
}
