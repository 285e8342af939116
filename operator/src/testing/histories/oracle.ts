import type { BurstWorker, NodeDrain, WorkerPool } from '@cortex/crds';
import { BurstWorkers, NodeDrains, parseDuration, TAINT, WorkerPools } from '@cortex/crds';
import { conditionOf, isTrue } from '../../conditions.ts';
import { type Node, Nodes, type Pod, Pods } from '../../kube/core.ts';
import type { MemoryCloud, MemoryMachine } from '../../providers/memory/cloud.ts';
import type { MemoryApiServer } from '../simulation/api-server.ts';

const KEPT_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/etcd'];

/** The grace of every pod here. */
const GRACE_MS = 30_000;

/**
 * Knows what is true, whatever the operator believes, and says what it should not have destroyed. It judges by the objects
 * themselves and shares no code with the rooms it judges.
 */
export class Oracle {
  readonly #server: MemoryApiServer;
  readonly #cloud: MemoryCloud;
  readonly #now: () => number;
  /** Which machine each Node really is, by the UIDs of both, whatever the Node says. */
  readonly truth = new Map<string, string>();
  /** On which Node each pod really is, by the UIDs of both. */
  readonly homes = new Map<string, string>();
  /** Of the drain of each worker or NodeDrain, by its UID. */
  readonly #deadlines = new Map<string, { readonly startedAt: string; readonly deadline: string }>();

  constructor(server: MemoryApiServer, cloud: MemoryCloud, now: () => number) {
    this.#server = server;
    this.#cloud = cloud;
    this.#now = now;
  }

  /** Why this machine must not be switched off or destroyed now. */
  againstRemoving(machine: MemoryMachine | undefined): string | undefined {
    if (machine === undefined) return undefined;
    const worker = this.#workers.find(({ metadata }) => metadata.uid === machine.workerUid);
    if (machine.clusterId !== 'here' || worker === undefined) return `machine ${machine.id} is somebody else's`;
    const why = this.#mayEnd(worker) ? this.#againstNodes(worker) : 'nobody ended its worker';
    return why === undefined ? undefined : `machine ${machine.id}: ${why}`;
  }

  /** Why this Node must not be deleted now. */
  againstDeleting(name: string): string | undefined {
    const node = this.#nodes.find(({ metadata }) => metadata.name === name);
    if (node === undefined) return undefined;
    const worker = this.#workers.find(({ metadata }) => metadata.uid === machineOf(node));
    if (worker === undefined) return `Node ${name} is no machine of a worker`;
    if (!this.#mayEnd(worker)) return `Node ${name}: nobody ended its worker`;
    if (isKept(node)) return `Node ${name} is permanent or of the control plane`;
    if (this.#machineOf(worker.metadata.uid) !== undefined) return `Node ${name}: its machine is still there`;
    const madeAt = Date.parse(worker.status?.vm?.createdAt ?? '');
    return Date.parse(node.metadata.creationTimestamp) < madeAt ? `Node ${name} is older than the machine` : undefined;
  }

  /** Why this pod must not be evicted or deleted now. */
  againstTaking(key: string): string | undefined {
    const pod = this.#pods.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key);
    if (pod === undefined) return undefined;
    const node = this.#nodes.find(({ metadata }) => metadata.uid === this.homes.get(pod.metadata.uid));
    if (node === undefined) return undefined; // its Node is gone, whatever has its name now
    if (!(node.spec.taints ?? []).some(({ key: taint }) => taint === TAINT.draining))
      return `pod ${key} is on Node ${node.metadata.name}, which nobody drains`;
    const asks = pod.metadata.annotations?.['cortex.automation/do-not-evict'] === 'true';
    if (asks && !this.#isPastDeadline(node) && this.#machineOf(machineOf(node))?.power === 'on')
      return `pod ${key} asks to stay`;
    return pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Node') ? `pod ${key} is its Node's` : undefined;
  }

  /** What must be true whenever nothing is under way. */
  breaches(): string[] {
    return [...this.#uncounted(), ...this.#movedDeadlines()];
  }

  /** A machine of ours whose worker could vanish would be lost without a trace. */
  #uncounted(): string[] {
    const held = new Set(
      this.#workers
        .filter(({ metadata }) => metadata.finalizers?.includes('cortex.automation/vm'))
        .map(({ metadata }) => metadata.uid),
    );
    return [...this.#cloud.machines.values()]
      .filter(({ clusterId, workerUid }) => clusterId === 'here' && !held.has(workerUid))
      .map(({ id }) => `machine ${id} is lost: no worker holds it`);
  }

  #movedDeadlines(): string[] {
    return [...this.#workers, ...this.#drains].flatMap(({ metadata, status }) => {
      const { startedAt, deadline } = status?.drain ?? {};
      const before = this.#deadlines.get(metadata.uid);
      this.#deadlines.delete(metadata.uid); // a drain that was taken back, so that the next one counts anew
      if (startedAt === undefined || deadline === undefined) return [];
      if (conditionOf(status?.conditions, 'Cordoned')?.reason === 'NodeDrain') return []; // what a NodeDrain shows here
      this.#deadlines.set(metadata.uid, { startedAt, deadline });
      return before?.startedAt === startedAt && deadline > before.deadline
        ? [`${metadata.name}: its deadline moved from ${before.deadline} to ${deadline}`]
        : [];
    });
  }

  /** It was deleted, or this attempt took too long. */
  #mayEnd({ metadata, spec, status }: BurstWorker): boolean {
    if (metadata.deletionTimestamp !== undefined) return true;
    if (isTrue(status?.conditions, 'Registered') || status?.vm?.createdAt === undefined) return false;
    const pool = this.#pools.find((each) => each.metadata.name === spec.pool);
    const timeout = parseDuration(pool?.spec.provisioning.timeout ?? '15m');
    return this.#now() >= Date.parse(status.vm.createdAt) + timeout;
  }

  /** Nothing of its Nodes may stand against the end of their machine. */
  #againstNodes({ metadata, status }: BurstWorker): string | undefined {
    const own = this.#nodes.filter((node) => this.truth.get(node.metadata.uid) === metadata.uid);
    for (const node of own) {
      if (isKept(node)) return `its Node ${node.metadata.name} is permanent or of the control plane`;
      const guests = this.#pods.filter((pod) => this.homes.get(pod.metadata.uid) === node.metadata.uid && counts(pod));
      if (guests.length > 0 && isTrue(status?.conditions, 'Registered'))
        return `pods run on its Node ${node.metadata.name}: ${guests.map((pod) => pod.metadata.name).join(', ')}`;
    }
    return undefined;
  }

  /** Past the moment from which whoever drains this Node may force what is left. */
  #isPastDeadline(node: Node): boolean {
    const drained = [
      ...this.#workers.filter(({ metadata }) => metadata.uid === machineOf(node)),
      ...this.#drains.filter(({ spec }) => spec.nodeName === node.metadata.name),
    ];
    const deadlines = drained.flatMap(({ status }) => status?.drain?.deadline ?? []);
    return deadlines.some((deadline) => this.#now() >= Date.parse(deadline) - GRACE_MS);
  }

  #machineOf(uid: string): MemoryMachine | undefined {
    return [...this.#cloud.machines.values()].find(
      ({ clusterId, workerUid }) => clusterId === 'here' && workerUid === uid,
    );
  }

  get #workers(): BurstWorker[] {
    return this.#server.peek(BurstWorkers) as unknown as BurstWorker[];
  }
  get #drains(): NodeDrain[] {
    return this.#server.peek(NodeDrains) as unknown as NodeDrain[];
  }
  get #pools(): WorkerPool[] {
    return this.#server.peek(WorkerPools) as unknown as WorkerPool[];
  }
  get #nodes(): Node[] {
    return this.#server.peek(Nodes) as unknown as Node[];
  }
  get #pods(): Pod[] {
    return this.#server.peek(Pods) as unknown as Pod[];
  }
}

const machineOf = ({ status }: Node): string => status?.nodeInfo?.systemUUID ?? '';

const isKept = ({ metadata: { labels = {} } }: Node): boolean =>
  labels['worker-type'] === 'permanent' || KEPT_LABELS.some((key) => key in labels);

/** An ordinary pod that runs and was not asked to go. */
const counts = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.phase === 'Running' &&
  !(metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Node');
