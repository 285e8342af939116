import {
  type Allocation,
  Allocations,
  type BurstWorker,
  BurstWorkers,
  type McpServer,
  McpServers,
  type McpServerScale,
  McpServerScales,
  type NodeDrain,
  NodeDrains,
  WorkerPools,
} from '@cortex/crds';
import { chosenWorkers } from './admission/slots.ts';
import { machineOf } from './burst-worker/identity.ts';
import { takesDrainSlot, takesRaiseSlot } from './burst-worker/slots.ts';
import { isTrue } from './conditions.ts';
import {
  type Autoscaler,
  Autoscalers,
  Deployments,
  type Service,
  Services,
  StatefulSets,
  type Workload,
} from './kube/apps.ts';
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
  type VolumeAttachment,
  VolumeAttachments,
} from './kube/core.ts';
import { isForbidden } from './kube/errors.ts';
import { Kind } from './kube/kind.ts';
import type { KubeObject, ResourceType } from './kube/object.ts';
import { Reflector } from './kube/reflector.ts';
import { Store, type StoreOptions } from './kube/store.ts';
import type { Transport } from './kube/transport.ts';
import type { Follower } from './runtime/run.ts';
import { INDEX, type Kinds } from './stores.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { asWords, requestsOf } from './usage/requests.ts';
import { targetOf, workloadOf, workloadOfPod } from './mcp-server/workload.ts';
import { trimAttachment, trimAutoscaler, trimService, trimWorkload } from './trim.ts';
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
        [INDEX.promised]: (allocation) =>
          isTrue(allocation.status?.conditions, 'WorkersReady') ? [] : chosenWorkers(allocation),
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
    servers: kind<McpServer>(McpServers, {
      indexes: {
        [INDEX.workload]: (server) => [workloadOf(server)],
        [INDEX.namespace]: ({ metadata }) => present(metadata.namespace),
      },
    }),
    wishes: kind<McpServerScale>(McpServerScales, {
      indexes: {
        [INDEX.owner]: ({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid),
        [INDEX.server]: ({ metadata, spec }) => [`${metadata.namespace}/${spec.serverRef.name}`],
      },
    }),
    nodes: kind<Node>(Nodes, {
      indexes: { [INDEX.machine]: (node) => present(machineOf(node) || undefined) },
      transform: trimNode,
    }),
    pods: kind<Pod>(Pods, {
      indexes: {
        [INDEX.node]: ({ spec }) => present(spec.nodeName),
        [INDEX.workload]: (pod) => present(workloadOfPod(pod)),
      },
      transform: trimPod,
    }),
    namespaces: kind(Namespaces),
    budgets: kind<PodDisruptionBudget>(PodDisruptionBudgets, {
      indexes: { [INDEX.namespace]: ({ metadata }) => present(metadata.namespace) },
    }),
    daemonSets: kind<DaemonSet>(DaemonSets, { transform: nameOnly }),
    attachments: kind<VolumeAttachment>(VolumeAttachments, {
      indexes: { [INDEX.node]: ({ spec }) => [spec.nodeName] },
      transform: trimAttachment,
    }),
    deployments: kind<Workload>(Deployments, { transform: trimWorkload }),
    statefulSets: kind<Workload>(StatefulSets, { transform: trimWorkload }),
    services: kind<Service>(Services, {
      indexes: { [INDEX.namespace]: ({ metadata }) => present(metadata.namespace) },
      transform: trimService,
    }),
    autoscalers: kind<Autoscaler>(Autoscalers, {
      indexes: { [INDEX.workload]: (autoscaler) => [targetOf(autoscaler)] },
      transform: trimAutoscaler,
    }),
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

/** What a drain asks of a pod: whose it is, where, how important, how long it takes to end; and what it requests in all. */
function trimPod(whole: Pod): Pod {
  const { spec, status, ...pod } = whole;
  const { nodeName, priorityClassName, terminationGracePeriodSeconds, tolerations, volumes } = spec;
  return {
    ...pod,
    spec: {
      containers: [],
      resources: { requests: asWords(requestsOf(whole)) },
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      ...(terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds }),
      ...(tolerations === undefined ? {} : { tolerations }),
      ...(volumes === undefined ? {} : { volumes: volumes.flatMap(byClaim) }),
    },
    ...(status === undefined ? {} : { status: trimmed(status) }),
  };
}

type Volume = NonNullable<Pod['spec']['volumes']>[number];

/** A volume by its claim alone. */
const byClaim = ({ name, ephemeral, persistentVolumeClaim }: Volume): Volume[] => {
  if (persistentVolumeClaim !== undefined)
    return [{ name, persistentVolumeClaim: { claimName: persistentVolumeClaim.claimName } }];
  return ephemeral === undefined ? [] : [{ name, ephemeral: {} }];
};

/** A copy that is kept, for how long its watch has been closed, and whether it may be used to destroy something. */
export type Watched = Follower & { readonly outageMs: number; readonly settled: boolean };
const trimmed = ({ phase, startTime }: NonNullable<Pod['status']>): NonNullable<Pod['status']> => ({
  ...(phase === undefined ? {} : { phase }),
  ...(startTime === undefined ? {} : { startTime }),
});

/** What keeps the copies equal to the server. */
export function followersOf(kinds: Kinds, transport: Transport, log: WatchLog, metrics: Metrics): Watched[] {
  const follow = <T extends KubeObject>({ type, store }: Kind<T>, refused?: () => void): Watched => {
    const name = type.plural;
    const reflector: Reflector<T> = new Reflector<T>({
      transport,
      type,
      store,
      observer: metrics.reflector(name, () => reflector),
      onProblem: (error) => {
        log.problem(type, error);
        if (isForbidden(error)) refused?.();
      },
      onRecovered: (ms) => log.recovered(type, ms),
    });
    return reflector;
  };
  /** A right that only servers need is no reason to keep everything else waiting: its lack is said by the servers. */
  const followIfAllowed = <T extends KubeObject>(kind: Kind<T>): Watched => {
    const { promise: refused, resolve } = Promise.withResolvers<void>();
    const watched = follow(kind, resolve);
    return {
      name: watched.name,
      ready: Promise.race([watched.ready, refused]),
      run: (signal) => watched.run(signal),
      settled: true, // no machine is destroyed for what these copies say
      get outageMs() {
        return kind.store.synced ? watched.outageMs : 0;
      },
    };
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
    follow(kinds.attachments),
    followIfAllowed(kinds.deployments),
    followIfAllowed(kinds.statefulSets),
    followIfAllowed(kinds.services),
    followIfAllowed(kinds.autoscalers),
  ];
}
