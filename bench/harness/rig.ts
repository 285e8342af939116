import { type ControlPlane, startControlPlane } from '@cortex/e2e/control-plane';
import { processesOf } from '@cortex/e2e/control-plane/processes';
import { Cluster } from '@cortex/e2e/system/cluster';
import {
  type FacadeAddress,
  install,
  type OperatorAddress,
  startFacade,
  startOperator,
} from '@cortex/e2e/system/system';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cpuBetween, type CpuTimes, cpuTimes } from './cpu.ts';
import type { Options } from './options.ts';

export interface RigOptions {
  readonly audit?: boolean;
  /** Nodes and pods that KWOK advances at once; its own default is 4. */
  readonly kwokParallelism?: number;
  /** Calls a second of Kubernetes' own controllers; theirs is 20, which makes a thousand Deployments wait for minutes. */
  readonly controllerQps?: number;
}

/** A control plane of its own with the product installed, an administrator's view of it, and the operator once asked for. */
export class Rig {
  readonly plane: ControlPlane;
  readonly cluster: Cluster;
  readonly #folder: string;
  readonly #profile: string | undefined;
  #operator: OperatorAddress | undefined;
  #facade: FacadeAddress | undefined;

  private constructor(plane: ControlPlane, cluster: Cluster, profile: string | undefined) {
    this.plane = plane;
    this.cluster = cluster;
    this.#profile = profile && resolve(profile);
    this.#folder = mkdtempSync(join(tmpdir(), 'cortex-bench-'));
  }

  static async start(
    { fsync, profile }: Pick<Options, 'fsync' | 'profile'>,
    { audit = false, ...components }: RigOptions = {},
  ): Promise<Rig> {
    const plane = await startControlPlane({
      name: 'bench',
      fsync,
      auditPolicy: audit,
      ...components,
    });
    try {
      await install(plane);
      return new Rig(plane, await Cluster.connect(plane.kubeconfig), profile);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** The operator as users run it: its bundle, as a process under its own ServiceAccount. */
  async startOperator(settings: Readonly<Record<string, string>> = {}): Promise<OperatorAddress> {
    const [logs, profiled] =
      this.#profile === undefined ? [this.#folder, {}] : [this.#profile, profiling(this.#profile)];
    this.#operator = await startOperator(
      this.plane,
      { folder: this.#folder, logs },
      { env: { ...settings, ...profiled } },
    );
    return this.#operator;
  }

  /** The facade as users run it, with profile admin; and what it holds of memory, in MB. */
  async startFacade(): Promise<{ readonly url: string; rss(): Promise<number> }> {
    const facade = await startFacade(this.plane, { folder: this.#folder, logs: this.#profile ?? this.#folder });
    this.#facade = facade;
    return {
      url: facade.url,
      rss: async () => {
        const metrics = await (await fetch(`${facade.health}/metrics`)).text();
        const bytes = /^process_resident_memory_bytes (?<bytes>\d+)/m.exec(metrics)?.groups?.['bytes'];
        return Math.round(Number(bytes) / 1e6);
      },
    };
  }

  /** CPU seconds of everybody while the load ran. */
  async costs<A>(load: () => Promise<A>): Promise<{ readonly result: A; readonly cpu: Record<string, number> }> {
    const before = this.#cpuTimes();
    const result = await load();
    return { result, cpu: cpuBetween(before, this.#cpuTimes()) };
  }

  /** CPU seconds that the operator took since it began; NaN where nobody counts them. */
  operatorSeconds(): number {
    return this.#cpuTimes()?.groups['operator'] ?? Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#operator?.operator.end();
    await this.#facade?.facade.end();
    await this.cluster.close();
    await this.plane.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #cpuTimes(): CpuTimes | undefined {
    return cpuTimes({
      bench: [process.pid],
      controlPlane: processesOf(dirname(this.plane.kubeconfigPath)),
      ...(this.#operator === undefined ? {} : { operator: [this.#operator.operator.pid] }),
      ...(this.#facade === undefined ? {} : { facade: [this.#facade.facade.pid] }),
    });
  }
}

/** A profile is written when the operator ends. */
const profiling = (folder: string) => ({ NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` });
