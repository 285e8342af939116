import type { Allocation, BurstWorker, McpServer, McpServerScale, WorkerPool } from '@cortex/crds';
import { Allocations, BurstWorkers, McpServers, McpServerScales, WorkerPools } from '@cortex/crds';
import { vi } from 'vitest';
import { Deployments, type Workload } from '../../kube/apps.ts';
import { type Node, Nodes } from '../../kube/core.ts';
import { type Draft, keyOf } from '../../kube/object.ts';
import { MemoryApiServer } from './api-server.ts';
import { BootingCloud } from './booting-cloud.ts';
import { later } from './line-to.ts';
import { ROOMS_WITH_SERVERS, SimulatedOperator } from './operator.ts';

const BOOT_MS = 500;

export interface SimulationOptions {
  /** Whether MCP servers are played as well, or are as the tests say they are (default). */
  readonly servers?: boolean | undefined;
  /** Whether machines are made by a hypervisor, in place of KWOK. */
  readonly cloud?: boolean | undefined;
}

/**
 * A cluster in virtual time: an API server in memory, somebody who plays the kubelets and the controller of Deployments,
 * and the operator with all its rooms, which can be killed and started again. Needs the fake timers of vitest.
 */
export class Simulation {
  readonly server = new MemoryApiServer();
  operator: SimulatedOperator;
  readonly cloud: BootingCloud | undefined;
  readonly #rooms: ReadonlySet<string> | undefined;

  constructor({ servers = false, cloud = false }: SimulationOptions = {}) {
    this.cloud = cloud ? new BootingCloud((node) => this.#join(node)) : undefined;
    this.#rooms = servers ? ROOMS_WITH_SERVERS : undefined;
    this.server.watch(Nodes, (event, node) => {
      if (event === 'changed') void later(BOOT_MS).then(() => this.#play(node.metadata.name));
    });
    this.server.watch(Deployments, (event, { metadata }) => {
      if (event === 'changed') void later(BOOT_MS).then(() => this.#run(keyOf({ metadata })));
    });
    this.operator = new SimulatedOperator(this.server, this.#rooms, this.cloud);
  }

  async restart(): Promise<void> {
    await this.operator.kill();
    this.operator = new SimulatedOperator(this.server, this.#rooms, this.cloud);
  }

  apply(object: Allocation | WorkerPool | BurstWorker | McpServer): void {
    const type = { Allocation: Allocations, WorkerPool: WorkerPools, BurstWorker: BurstWorkers, McpServer: McpServers }[
      object.kind
    ];
    const kept = this.server.create(type, object);
    if (object.kind === 'McpServer' || (object.status !== undefined && object.kind !== 'Allocation'))
      this.server.updateStatus(type, { ...kept, status: object.status });
  }

  delete(name: string, namespace = 'team'): void {
    this.server.delete(Allocations, `${namespace}/${name}`);
  }

  deleteWorker(name: string): void {
    this.server.delete(BurstWorkers, name);
  }

  edit(name: string, spec: Partial<Allocation['spec']>, namespace = 'team'): void {
    this.server.patch(Allocations, `${namespace}/${name}`, { spec });
  }

  allocation(name: string, namespace = 'team'): Allocation | undefined {
    return this.allocations.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  }

  get allocations(): Allocation[] {
    return this.server.peek(Allocations) as unknown as Allocation[];
  }

  get workers(): BurstWorker[] {
    return this.server.peek(BurstWorkers) as unknown as BurstWorker[];
  }

  get pools(): WorkerPool[] {
    return this.server.peek(WorkerPools) as unknown as WorkerPool[];
  }

  get wishes(): McpServerScale[] {
    return this.server.peek(McpServerScales) as unknown as McpServerScale[];
  }

  get servers(): McpServer[] {
    return this.server.peek(McpServers) as unknown as McpServer[];
  }

  get deployments(): Workload[] {
    return this.server.peek(Deployments) as unknown as Workload[];
  }

  get nodes(): Node[] {
    return this.server.peek(Nodes) as unknown as Node[];
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** Lets time pass until this holds; throws with everything there is when it does not within the time. */
  async until(holds: () => boolean, what: string, withinMs = 120_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (performance.now() <= deadline) {
      if (holds()) return;
      await vi.advanceTimersToNextTimerAsync();
    }
    const objects = [...this.allocations, ...this.workers, ...this.servers, ...this.wishes].map(
      ({ kind, metadata, spec, status }) => ({
        kind,
        metadata,
        spec,
        status,
      }),
    );
    throw new Error(`not within ${withinMs} ms: ${what}\n${JSON.stringify(objects, null, 1)}`);
  }

  /** A kubelet keeps the Node that is there. */
  #join(node: Draft<Node>): void {
    const isThere = this.nodes.some(({ metadata }) => metadata.name === node.metadata.name);
    if (!isThere) this.server.create(Nodes, node);
  }

  #play(name: string): void {
    const node = this.nodes.find(({ metadata }) => metadata.name === name);
    if (node === undefined || node.status?.conditions !== undefined) return;
    const conditions = [{ type: 'Ready', status: 'True' }];
    this.server.updateStatus(Nodes, { ...node, status: { ...node.status, conditions } });
  }

  /** As many pods as its spec says, all of them ready. */
  #run(key: string): void {
    const deployment = this.deployments.find((each) => keyOf(each) === key);
    if (deployment === undefined) return;
    const { spec, metadata } = deployment;
    const count = spec.replicas ?? 1;
    const pods = { replicas: count, readyReplicas: count, availableReplicas: count, updatedReplicas: count };
    const status = { observedGeneration: metadata.generation ?? 1, ...pods };
    this.server.updateStatus(Deployments, { ...deployment, status });
  }
}
