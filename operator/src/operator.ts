import type { WorkerPool } from '@cortex/crds';
import { Office } from './admission/office.ts';
import { AllocationRoom } from './allocation/controller.ts';
import { RemovalBreaker } from './breaker/removal-breaker.ts';
import { BurstWorkerRoom } from './burst-worker/controller.ts';
import type { Machines } from './burst-worker/machines.ts';
import { PoolBackoff } from './burst-worker/pool-backoff.ts';
import { WorkerTurns } from './burst-worker/worker-turns.ts';
import type { NodeEmptying } from './drain/emptying.ts';
import { machineOf } from './burst-worker/identity.ts';
import { answers } from './burst-worker/node-state.ts';
import type { KubeClient } from './kube/client.ts';
import { NodeDrainRoom, type NodeDrainOptions } from './node-drain/controller.ts';
import { OrphanRoom } from './orphans/controller.ts';
import type { Mode } from './orphans/decide.ts';
import type { Leaks } from './orphans/leaks.ts';
import type { Providers } from './providers/registry.ts';
import type { Clock } from './runtime/clock.ts';
import { inform } from './inform.ts';
import type { Tell } from './kube/events.ts';
import { keyOf } from './kube/object.ts';
import { admissionQueue, providerQueue, queueOf } from './queues.ts';
import type { WorkQueue } from './runtime/work-queue.ts';
import { serverQueues } from './servers.ts';
import { INDEX, type Kinds } from './stores.ts';
import type { Logger } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Done } from './trace.ts';
import { wireDrains } from './wire-drains.ts';
import { UsageRoom } from './usage/controller.ts';
import { wireUsage } from './wire-usage.ts';
import { wire } from './wiring.ts';
import { WorkerPoolRoom } from './worker-pool/controller.ts';
import { Scout } from './worker-pool/scout.ts';

export interface OperatorParts {
  readonly kinds: Kinds;
  readonly office: Office;
  readonly client: KubeClient;
  /** The label selector by which workloads are known as MCP servers. */
  readonly mcpSelector: string;
  readonly machines: Machines;
  readonly emptying: NodeEmptying;
  readonly providers: Providers;
  readonly leaks: Leaks;
  /** Whether what nobody claims is removed, or only told of. */
  readonly orphans: Mode;
  readonly clusterId: () => string;
  readonly clock: Clock;
  readonly fence: () => void;
  /** Why nothing may be destroyed now, if so. */
  readonly frozen: () => string | undefined;
  /** For objects that have no condition of ours: they are told of by Events alone. */
  readonly tell: Tell;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Undefined where nobody asked for traces. */
  readonly done?: Done | undefined;
}

/** How many keys of a kind are worked on at once. */
const WIDTH = {
  allocation: 32,
  'burst-worker': 64,
  'node-drain': 16,
  'worker-pool': 4,
  usage: 8,
} as const;

/** Between two looks at one pool, and so between two writes of its status (api.md). */
const POOL_SPACING_MS = 250;

/** Where capacity is given away, told of everything from the first object on. */
export const officeOver = (kinds: Kinds, providers: Providers): Office =>
  new Office({
    labelsOf: (namespace) => kinds.namespaces.get(namespace)?.metadata.labels,
    lacks: (type) => providers.lacks(type),
    hasServer: (key) => kinds.servers.get(key) !== undefined,
  });

/** The work queues of all rooms, fed by changes, each a worker that can be started and stopped. */
export function workQueues(parts: OperatorParts): WorkQueue[] {
  const { kinds, clock, office } = parts;
  const allocation = queueOf(new AllocationRoom({ ...parts, now: () => clock.now() }), WIDTH.allocation, parts);
  const backoff = new PoolBackoff();
  const turns = new WorkerTurns(kinds, backoff, (key) => burstWorker.add(key));
  const breaker = new RemovalBreaker(kinds);
  const now = (): Date => clock.now();
  const scout = new Scout({
    providers: parts.providers,
    poolOf: (name) => kinds.pools.get(name),
    now,
    changed: (name) => {
      workerPool.add(name);
      for (const worker of kinds.workers.store.byIndex(INDEX.pool, name)) burstWorker.add(keyOf(worker));
    },
  });
  const silence = (pool: WorkerPool | undefined): string | undefined => scout.silence(pool);
  const burstWorker = queueOf(
    new BurstWorkerRoom({ ...parts, turns, silence, breaker, now }, backoff),
    WIDTH['burst-worker'],
    parts,
  );
  const nodeDrain = queueOf(new NodeDrainRoom(drainOptions(parts)), WIDTH['node-drain'], parts);
  const workerPool = queueOf(new WorkerPoolRoom({ ...parts, breaker, scout, now }), WIDTH['worker-pool'], parts, {
    spacingMs: POOL_SPACING_MS,
  });
  const orphans = queueOf(new OrphanRoom({ ...parts, breaker, mode: parts.orphans, now }), 1, parts);
  const provider = providerQueue(scout, parts);
  const admission = admissionQueue(parts);
  inform(office, kinds);
  wire(kinds, {
    allocation: (key) => allocation.add(key),
    burstWorker: (key) => burstWorker.add(key),
    workerPool: (key) => workerPool.add(key),
    provider: (key) => provider.add(key),
    admission: () => office.hasWork && admission.add('all'),
    orphans: () => orphans.add('all'),
  });
  breaker.onOpen((pool) => workerPool.add(pool));
  parts.leaks.onLook((pool) => workerPool.add(pool));
  const drains = {
    burstWorker: (key: string) => burstWorker.add(key),
    nodeDrain: (key: string) => nodeDrain.add(key),
    first: {
      burstWorker: (key: string) => burstWorker.addFirst(key),
      nodeDrain: (key: string) => nodeDrain.addFirst(key),
    },
  };
  wireDrains(kinds, drains, (budget) => parts.emptying.nodesHeldBy(budget));
  const usage = queueOf(new UsageRoom(kinds), WIDTH.usage, parts);
  wireUsage(kinds, { usage: (key) => usage.add(key), workerPool: (key) => workerPool.add(key) });
  admission.add('all');
  const servers = serverQueues(parts);
  return [allocation, burstWorker, nodeDrain, workerPool, usage, provider, orphans, admission, ...servers];
}

const drainOptions = ({ kinds, emptying, machines, clock, frozen }: OperatorParts): NodeDrainOptions => ({
  kinds,
  emptying,
  frozen,
  now: () => clock.now(),
  verdict: async (node) => {
    const [worker] = kinds.workers.store.byIndex(INDEX.machine, machineOf(node));
    const pool = worker && kinds.pools.get(worker.spec.pool);
    if (answers(node) || worker?.status?.vm === undefined || pool === undefined) return undefined;
    return await machines.verdict(worker, pool, worker.status.vm);
  },
});
