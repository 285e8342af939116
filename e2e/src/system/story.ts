import {
  type Allocation,
  Allocations,
  type BurstWorker,
  BurstWorkers,
  type WorkerPool,
  WorkerPools,
} from '@cortex/crds';
import { type Node, Nodes } from '@cortex/operator/kube/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyManifests,
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../control-plane/control-plane.ts';
import { Cluster, type Followed } from './cluster.ts';
import type { Daemon } from './daemon.ts';
import { serviceAccountKubeconfig } from './identity.ts';
import { install, type OperatorAddress, startOperator } from './system.ts';

export interface StoryOptions extends ControlPlaneOptions {
  /** Puts CRDs, ServiceAccounts and rights into the cluster; by default kubectl does. */
  readonly put?: (plane: ControlPlane) => Promise<void>;
  /** For the operator, besides what it always gets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A control plane with the product installed, its operator as a process, and an administrator who watches. */
export class Story {
  readonly plane: ControlPlane;
  readonly folder: string;
  readonly cluster: Cluster;
  readonly allocations: Followed<Allocation>;
  readonly workers: Followed<BurstWorker>;
  readonly pools: Followed<WorkerPool>;
  readonly nodes: Followed<Node>;
  operator: Daemon;
  /** The operator's health, readiness and metrics. */
  url: string;
  readonly #identity: { readonly kubeconfig: string; readonly env: Readonly<Record<string, string>> };

  private constructor(
    parts: Pick<Story, 'plane' | 'folder' | 'cluster' | 'allocations' | 'workers' | 'pools' | 'nodes'>,
    identity: { readonly kubeconfig: string; readonly env: Readonly<Record<string, string>> },
    { operator, url }: OperatorAddress,
  ) {
    ({
      plane: this.plane,
      folder: this.folder,
      cluster: this.cluster,
      allocations: this.allocations,
      workers: this.workers,
      pools: this.pools,
      nodes: this.nodes,
    } = parts);
    this.#identity = identity;
    this.operator = operator;
    this.url = url;
  }

  static async begin({ put = install, env = {}, ...options }: StoryOptions = {}): Promise<Story> {
    const folder = mkdtempSync(join(tmpdir(), 'cortex-story-'));
    const plane = await startControlPlane({ name: 'story', ...options });
    try {
      await put(plane);
      const kubeconfig = await serviceAccountKubeconfig(plane, 'cortex-operator');
      const cluster = await Cluster.connect(plane.kubeconfig);
      const parts = {
        plane,
        folder,
        cluster,
        allocations: await cluster.follow<Allocation>(Allocations),
        workers: await cluster.follow<BurstWorker>(BurstWorkers),
        pools: await cluster.follow<WorkerPool>(WorkerPools),
        nodes: await cluster.follow<Node>(Nodes),
      };
      return new Story(parts, { kubeconfig, env }, await startOperator(plane, { folder }, { kubeconfig, env }));
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  async apply(yaml: string): Promise<void> {
    await applyManifests(this.plane, yaml);
  }

  async kubectl(...args: string[]): Promise<string> {
    return await this.plane.kubectl(args);
  }

  /** Starts the operator that ended, or was killed, again under the same identity. */
  async restartOperator(): Promise<void> {
    ({ operator: this.operator, url: this.url } = await startOperator(
      this.plane,
      { folder: this.folder },
      this.#identity,
    ));
  }

  async end(): Promise<void> {
    await this.operator.end();
    await this.cluster.close();
    await this.plane.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A pool played by KWOK whose machines are there at once. */
export const kwokPool = (name: string, spec = ''): string => `
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: ${name}}
spec:
  class: Burst
  default: true
  provider: {type: Kwok}
  limits: {workers: 20}
${spec}
`;

/** An Allocation, as a person would write it. */
export const allocation = (name: string, spec: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: Allocation
metadata: {name: ${name}, namespace: default}
spec:
${spec.trimEnd().replaceAll(/^/gm, '  ')}
`;
