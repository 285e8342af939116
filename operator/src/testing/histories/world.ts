import { type BurstWorker, BurstWorkers, type NodeDrain, NodeDrains, WorkerPools } from '@cortex/crds';
import { BurstWorkerRoom } from '../../burst-worker/controller.ts';
import { Machines } from '../../burst-worker/machines.ts';
import { PoolBackoff } from '../../burst-worker/pool-backoff.ts';
import { WorkerTurns } from '../../burst-worker/worker-turns.ts';
import { NodeEmptying } from '../../drain/emptying.ts';
import { kindsOver } from '../../follow.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Node, Nodes, type Pod, Pods } from '../../kube/core.ts';
import { NodeDrainRoom } from '../../node-drain/controller.ts';
import { RemovalBreaker } from '../../breaker/removal-breaker.ts';
import { MemoryProvider } from '../../providers/memory/memory.ts';
import type { VmProvider } from '../../providers/provider.ts';
import { Providers } from '../../providers/registry.ts';
import { reconcile } from '../../runtime/reconcile.ts';
import type { Kinds } from '../../stores.ts';
import { MemoryApiServer } from '../simulation/api-server.ts';
import { aPool, at } from '../workers.ts';
import { JudgedCloud } from './judged-cloud.ts';
import { LaggingCopies } from './lagging.ts';
import { Oracle } from './oracle.ts';
import { crash, type Misfortune, type Process, watchedClient } from './watched-client.ts';

/** Ways in which a build can be broken, to see whether histories tell. */
export interface Mutation {
  readonly client?: (client: KubeClient, kinds: () => Kinds) => KubeClient;
  readonly provider?: (cloud: JudgedCloud) => VmProvider;
}

/** A cluster and a hypervisor that go on by themselves, and an operator that is led through them step by step. */
export class World {
  readonly server = new MemoryApiServer(() => this.now);
  readonly cloud = new JudgedCloud(() => this.now);
  readonly oracle = new Oracle(this.server, this.cloud, () => this.now.getTime());
  /** What was destroyed, or left, that should not have been. */
  readonly wrongs: string[] = [];
  /** How often each thing was destroyed. */
  readonly destroyed = { machines: 0, nodes: 0, pods: 0 };
  readonly misfortunes: Misfortune[] = [];
  now = at('10:00:00');
  copies!: LaggingCopies;
  #process: Process = { dead: false };
  #kinds!: Kinds;
  #workers!: BurstWorkerRoom;
  #drains!: NodeDrainRoom;
  readonly #mutation: Mutation;

  constructor(mutation: Mutation = {}) {
    this.#mutation = mutation;
    this.cloud.judge = (machine) => {
      this.destroyed.machines++;
      this.#note(this.oracle.againstRemoving(machine));
    };
    this.server.create(WorkerPools, aPool({ provisioning: { timeout: '5m', attempts: 2 }, drain: { timeout: '5m' } }));
    this.start();
  }

  /** A new process of the operator over what the server has. */
  start(): void {
    this.copies?.end();
    this.misfortunes.length = 0;
    this.cloud.faults.clear();
    this.#process = { dead: false };
    const judge = { deleting: (resource: string, key: string) => this.#judge(resource, key) };
    const watched = watchedClient(this.server, judge, this.misfortunes, this.#process);
    const client = this.#mutation.client?.(watched, () => this.#kinds) ?? watched;
    const now = (): Date => this.now;
    this.#kinds = kindsOver(client);
    this.copies = new LaggingCopies(this.server, this.#kinds);
    const provider = this.#mutation.provider?.(this.cloud) ?? new MemoryProvider(this.cloud);
    const providers = new Providers([{ type: 'Kwok', elsewhere: true, open: async () => provider }]);
    const machines = new Machines({
      providers,
      bootstrap: SEEDLESS,
      clusterId: () => 'here',
      fence: nothing,
      earliest: now,
    });
    const emptying = new NodeEmptying(this.#kinds, client, now);
    const backoff = new PoolBackoff();
    const shared = { kinds: this.#kinds, emptying, now, frozen: nothing, silence: nothing };
    const turns = new WorkerTurns(this.#kinds, backoff, nothing);
    const breaker = new RemovalBreaker(this.#kinds);
    this.#workers = new BurstWorkerRoom({ ...shared, machines, turns, breaker }, backoff);
    this.#drains = new NodeDrainRoom({ ...shared, verdict: async () => undefined });
  }

  /** One pass of the operator over one object; what it throws is retried in production, and here by chance. */
  async pass(kind: 'worker' | 'drain', key: string): Promise<string> {
    const done: string[] = [];
    const performed = (action: { kind: string }, _ms: number, failure: unknown): void =>
      void done.push(failure === undefined ? action.kind : `${action.kind} (${wordsOf(failure)})`);
    const look =
      kind === 'worker'
        ? reconcile(this.#workers, key, this.now, performed)
        : reconcile(this.#drains, key, this.now, performed);
    await look.catch((error: unknown) => void done.push(wordsOf(error)));
    if (this.#process.dead) this.start();
    this.check();
    return done.join(', ') || 'nothing';
  }

  /** The process ends with the next call on the hypervisor, before or after it did what it was asked. */
  crashAtHypervisor(when: 'before' | 'after'): void {
    const process = this.#process;
    this.cloud.faults.plan('change', when, () => crash(process));
  }

  check(): void {
    for (const breach of this.oracle.breaches()) this.#note(breach);
  }

  elapse(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  get workers(): BurstWorker[] {
    return this.server.peek(BurstWorkers) as unknown as BurstWorker[];
  }
  get drains(): NodeDrain[] {
    return this.server.peek(NodeDrains) as unknown as NodeDrain[];
  }
  get nodes(): Node[] {
    return this.server.peek(Nodes) as unknown as Node[];
  }
  get pods(): Pod[] {
    return this.server.peek(Pods) as unknown as Pod[];
  }

  #judge(resource: string, key: string): void {
    if (resource === 'nodes' || resource === 'pods') this.destroyed[resource]++;
    if (resource === 'nodes') this.#note(this.oracle.againstDeleting(key));
    if (resource === 'pods') this.#note(this.oracle.againstTaking(key));
  }

  #note(wrong: string | undefined): void {
    if (wrong !== undefined && !this.wrongs.includes(wrong)) this.wrongs.push(wrong);
  }
}

const wordsOf = (failure: unknown): string => (failure instanceof Error ? failure.message : 'failed');
const nothing = (): undefined => undefined;
const SEEDLESS = { seedOf: nothing, revoke: async () => undefined };
