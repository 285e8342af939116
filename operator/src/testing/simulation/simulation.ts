import type { Allocation, BurstWorker, McpServer, McpServerScale, WorkerPool } from '@cortex/crds';
import { Allocations, BurstWorkers, McpServers, McpServerScales, WorkerPools } from '@cortex/crds';
import { vi } from 'vitest';
import { type Node, Nodes } from '../../kube/core.ts';
import { MemoryApiServer } from './api-server.ts';
import { later } from './line-to.ts';
import { SimulatedOperator } from './operator.ts';

const BOOT_MS = 500;

/**
 * A cluster in virtual time: an API server in memory, somebody who plays the kubelets, and the operator with all its rooms,
 * which can be killed and started again. Needs the fake timers of vitest.
 */
export class Simulation {
  readonly server = new MemoryApiServer();
  operator: SimulatedOperator;

  constructor() {
    this.server.watch(Nodes, (event, node) => {
      if (event === 'changed') void later(BOOT_MS).then(() => this.#play(node.metadata.name));
    });
    this.operator = new SimulatedOperator(this.server);
  }

  async restart(): Promise<void> {
    await this.operator.kill();
    this.operator = new SimulatedOperator(this.server);
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
    const objects = [...this.allocations, ...this.workers].map(({ kind, metadata, spec, status }) => ({
      kind,
      metadata,
      spec,
      status,
    }));
    throw new Error(`not within ${withinMs} ms: ${what}\n${JSON.stringify(objects, null, 1)}`);
  }

  #play(name: string): void {
    const node = this.nodes.find(({ metadata }) => metadata.name === name);
    if (node === undefined || node.status?.conditions !== undefined) return;
    const conditions = [{ type: 'Ready', status: 'True' }];
    this.server.updateStatus(Nodes, { ...node, status: { ...node.status, conditions } });
  }
}
