import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { conditionRows } from './conditions.ts';
import { clean, cleanMap } from './text.ts';

type PoolNode = NonNullable<NonNullable<WorkerPool['status']>['nodes']>[number];
type NodeBlock = NonNullable<PoolNode['node']>;
type Quantities = Readonly<Record<string, string>>;

export const WORKER_TYPES = ['permanent', 'burst'] as const;
export const WORKER_STATUSES = ['provisioning', 'ready', 'busy', 'draining', 'not_ready'] as const;
type WorkerStatus = (typeof WORKER_STATUSES)[number];

/** A worker as callers know it: a BurstWorker, or a Node that a permanent pool counts. */
export interface Worker {
  readonly name: string;
  readonly type: (typeof WORKER_TYPES)[number];
  readonly pool: string;
  readonly status: WorkerStatus;
  /** Its Node; undefined until it has joined. */
  readonly node: string | undefined;
  readonly block: NodeBlock | undefined;
  readonly usage: PoolNode['usage'];
  readonly drain: PoolNode['drain'];
  readonly drained: boolean;
  readonly created: string | null;
  readonly expires: string | null;
  /** What there is to delete; undefined: a permanent worker, which nobody destroys. */
  readonly burst: BurstWorker | undefined;
}

export const holds = ({ status }: BurstWorker, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

export const ofBurstWorker = (worker: BurstWorker): Worker => ({
  name: worker.metadata.name,
  type: 'burst',
  pool: worker.spec.pool,
  status: statusOf(worker),
  node: worker.status?.nodeName,
  block: worker.status?.node,
  usage: worker.status?.usage,
  drain: worker.status?.drain,
  drained: holds(worker, 'Drained'),
  created: worker.metadata.creationTimestamp,
  expires: worker.status?.expiresAt ?? null,
  burst: worker,
});

const UNDER_WAY = ['Requested', 'Provisioning', 'Joining'];

/** Guard clauses in the order of what matters most to whoever wants to use it. */
function statusOf(worker: BurstWorker): WorkerStatus {
  const { spec, status, metadata } = worker;
  const phase = status?.phase ?? 'Requested';
  if (phase === 'Failed') return 'not_ready';
  if (metadata.deletionTimestamp !== undefined || phase === 'Draining' || phase === 'Terminating') return 'draining';
  if (holds(worker, 'Cordoned') || status?.node?.unschedulable === true) return 'draining';
  if (UNDER_WAY.includes(phase)) return status?.registeredAt === undefined ? 'provisioning' : 'not_ready';
  return spec.claimRef === undefined ? 'ready' : 'busy';
}

export const ofPoolNode = (entry: PoolNode, pool: string): Worker => ({
  name: entry.name,
  type: 'permanent',
  pool,
  status: nodeStatus(entry),
  node: entry.name,
  block: entry.node,
  usage: entry.usage,
  drain: entry.drain,
  drained: entry.phase === 'Drained',
  created: entry.node?.createdAt ?? null,
  expires: null,
  burst: undefined,
});

function nodeStatus({ node, drain, phase }: PoolNode): WorkerStatus {
  if (drain !== undefined || node?.unschedulable === true || phase === 'Drained') return 'draining';
  return node?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? 'ready' : 'not_ready';
}

const resourcesOf = (quantities: Quantities | undefined) => ({
  cpu: quantities?.['cpu'] ?? null,
  memory: quantities?.['memory'] ?? null,
  pods: quantities?.['pods'] ?? null,
});

/** A worker in a list. */
export const workerLine = ({ name, type, status, block, created, expires }: Worker) => ({
  name,
  status,
  type,
  resources: { capacity: resourcesOf(block?.capacity), allocatable: resourcesOf(block?.allocatable) },
  labels: cleanMap(block?.labels),
  annotations: cleanMap(block?.annotations),
  created,
  ttl_expires: expires,
});

/** A worker by itself. */
export const workerDetails = (worker: Worker) => ({
  ...workerLine(worker),
  pool: worker.pool,
  node: worker.node ?? null,
  conditions:
    worker.burst === undefined ? nodeConditions(worker.block) : conditionRows(worker.burst.status?.conditions),
  addresses: (worker.block?.addresses ?? []).map(({ type, address }) => ({
    type: clean(type, 64),
    address: clean(address, 253),
  })),
  drained: worker.drained,
  drain: drainOf(worker.drain),
});

const nodeConditions = (block: NodeBlock | undefined) =>
  (block?.conditions ?? []).map(({ type, status, reason = '' }) => ({
    type: clean(type, 316),
    status,
    reason: clean(reason, 316),
    message: '',
    last_update: null,
  }));

/** How far a drain is; null: none. */
export const drainOf = (drain: PoolNode['drain']) =>
  drain === undefined
    ? null
    : {
        started_at: drain.startedAt ?? null,
        deadline: drain.deadline ?? null,
        pods_remaining: remaining(drain),
        evicted: drain.pods?.evicted ?? 0,
        ignored: drain.pods?.ignored ?? 0,
        blocked: drain.pods?.blocked ?? 0,
        blockers: (drain.blockers ?? []).map(({ kind, namespace, name, reason }) =>
          clean(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}: ${reason}`, 300),
        ),
      };

/** Pods that have to leave and have not. */
export const remaining = (drain: PoolNode['drain']): number => drain?.pods?.total ?? 0;
