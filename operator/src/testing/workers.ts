import { type BurstWorker, type BurstWorkerStatus, VM_FINALIZER, type WorkerPool, WorkerPoolSpec } from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import type { Seen } from '../burst-worker/seen.ts';
import { cordonPatch } from '../drain/cordon.ts';
import type { Plan } from '../drain/input.ts';
import { bornNode } from '../providers/kwok/node.ts';
import type { Node } from '../kube/core.ts';

/** A moment of the day on which tests happen. */
export const at = (time: string): Date => new Date(`2030-01-01T${time}Z`);

/** The UID of every worker here, and so the machine id of its Node. */
export const UID = '0b9d2c44-93a5-4d0e-a3f6-6f1f6a8f3f10';

type Metadata = Partial<BurstWorker['metadata']>;

/** A WorkerPool named burst, with the defaults of the API. */
export const aPool = (spec: object = {}, metadata: Metadata = {}): WorkerPool => ({
  apiVersion: 'cortex.automation/v1alpha1',
  kind: 'WorkerPool',
  metadata: {
    name: 'burst',
    uid: 'uid-of-burst',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: timestamp(at('09:00:00')),
    ...metadata,
  },
  spec: WorkerPoolSpec.parse({ class: 'Burst', provider: { type: 'Kwok' }, ...spec }),
});

/** The BurstWorker burst-1, made at 10:00:00, without a status. */
export const aWorker = (
  spec: Partial<BurstWorker['spec']> = {},
  status?: BurstWorkerStatus,
  metadata: Metadata = {},
): BurstWorker => ({
  apiVersion: 'cortex.automation/v1alpha1',
  kind: 'BurstWorker',
  metadata: {
    name: 'burst-1',
    uid: UID,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: timestamp(at('10:00:00')),
    finalizers: [VM_FINALIZER],
    ...metadata,
  },
  spec: { pool: 'burst', size: 'medium', claimable: false, deletionProtection: false, ...spec },
  ...(status === undefined ? {} : { status }),
});

type Holding = NonNullable<BurstWorkerStatus['conditions']>[number]['type'];

/** Conditions that hold, by their type alone. */
export const holding = (...types: Holding[]): NonNullable<BurstWorkerStatus['conditions']> =>
  types.toSorted().map((type) => ({
    type,
    status: 'True',
    reason: 'Ready',
    message: '',
    observedGeneration: 1,
    lastTransitionTime: timestamp(at('10:00:00')),
  }));

/** What was written down before its machine was made, at 10:00:00. */
export const checkpoint = {
  id: 'vm-1',
  uuid: UID,
  attempt: 1,
  providerID: 'test://vm-1',
  createdAt: timestamp(at('10:00:00')),
};

/** The status of a worker whose Node joined at 10:01:00. */
export const registered = (more: BurstWorkerStatus = {}): BurstWorkerStatus => ({
  phase: 'Ready',
  vm: checkpoint,
  nodeName: 'burst-1',
  nodeUID: 'uid-of-node',
  registeredAt: timestamp(at('10:01:00')),
  resources: { cpu: '4', memory: '8Gi', disk: '100Gi' },
  conditions: holding('Admitted', 'Launched', 'Registered', 'Initialized', 'Ready'),
  ...more,
});

interface NodeChange {
  readonly metadata?: Partial<Node['metadata']>;
  readonly spec?: Node['spec'];
  readonly systemUUID?: string;
  readonly ready?: boolean;
}

/** The Node of burst-1: joined at 10:01:00, marked as a free worker's, Ready unless told otherwise. */
export function aNode({ metadata = {}, spec = {}, systemUUID = UID, ready = true }: NodeChange = {}): Node {
  const labels = { 'cortex.automation/job': '', 'worker-type': 'burst', ...metadata.labels };
  const born = bornNode(
    {
      clusterId: 'here',
      workerUid: systemUUID,
      name: 'burst-1',
      pool: 'burst',
      size: { cpu: '4', memory: '8Gi' },
      labels,
      annotations: { 'cortex.automation/worker-uid': UID },
      taints: [{ key: 'cortex.automation/job', value: '', effect: 'NoSchedule' }],
      bootDelayMs: 0,
    },
    checkpoint,
  );
  return {
    ...born,
    metadata: {
      uid: 'uid-of-node',
      resourceVersion: '7',
      creationTimestamp: timestamp(at('10:01:00')),
      name: 'burst-1',
      ...born.metadata,
      ...metadata,
      labels: { ...born.metadata.labels, ...metadata.labels },
    },
    spec: { ...born.spec, ...spec },
    status: {
      ...(born.status as Node['status']),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

/** The plan of a drain that has nothing to do. */
export const aPlan = (more: Partial<Plan> = {}): Plan => ({
  actions: [],
  drained: false,
  wave: 0,
  counts: { total: 0, evicted: 0, waiting: 0, blocked: 0, ignored: 0 },
  blockers: [],
  blockage: undefined,
  eta: undefined,
  ...more,
});

/** What a reader sees of conditions: `Type=Status/Reason`. */
export const said = (status: BurstWorkerStatus | undefined): string[] =>
  (status?.conditions ?? []).map(({ type, status: is, reason }) => `${type}=${is}/${reason}`);

/** The Node with our cordon on it, since 09:59:00 unless told otherwise. */
export function cordoned(node: Node, since = '09:59:00'): Node {
  const { metadata, spec } = cordonPatch(node, at(since)) as Pick<Node, 'metadata' | 'spec'>;
  return {
    ...node,
    metadata: {
      ...node.metadata,
      labels: { ...node.metadata.labels, ...metadata.labels },
      annotations: { ...node.metadata.annotations, ...metadata.annotations },
    },
    spec: { ...node.spec, ...spec },
  };
}

/** A look at a free, unadmitted worker of a pool that allows everything. */
export const seenOf = (more: Partial<Seen> = {}): Seen => {
  const worker = more.worker ?? aWorker();
  return {
    worker,
    pool: aPool(),
    claimant: { state: 'None' },
    reserved: false,
    node: undefined,
    impostor: undefined,
    usage: undefined,
    nodeDeleted: false,
    conflict: undefined,
    frozen: undefined,
    silent: undefined,
    held: undefined,
    trouble: undefined,
    proposed: undefined,
    mayDrain: true,
    drain: undefined,
    volumes: undefined,
    cordoned: false,
    nodeDrain: undefined,
    vm: undefined,
    checkpoint: worker.status?.vm,
    ...more,
  };
};
