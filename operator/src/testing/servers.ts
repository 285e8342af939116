import {
  API_VERSION,
  type McpServer,
  type McpServerScale,
  McpServerScaleSpec,
  McpServerSpec,
  type McpServerStatus,
} from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import type { Service, Workload } from '../kube/apps.ts';
import { adopting } from '../mcp-server/adoption.ts';
import { remembered } from '../mcp-server/conflict.ts';
import type { SeenServer } from '../mcp-server/seen.ts';
import { replicasOf } from '../mcp-server/workload.ts';
import { at } from './world.ts';

const MORNING = at('10:00:00');

const meta = (name: string) => ({
  name,
  namespace: 'team',
  uid: `uid-of-${name}`,
  resourceVersion: '100',
  generation: 1,
  creationTimestamp: timestamp(MORNING),
});

export const MCP_LABEL = { 'app.kubernetes.io/component': 'mcp-server' };

interface Pods {
  readonly replicas?: number;
  readonly ready?: number;
  readonly kind?: Workload['kind'];
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  /** The change of its spec that its own controller has seen. */
  readonly observed?: number;
  readonly generation?: number;
}

/** A workload with the label of MCP servers, all of its pods there unless said otherwise. */
export function workload(name: string, pods: Pods = {}): Workload {
  const { replicas = 1, ready = replicas, kind = 'Deployment', labels = MCP_LABEL, generation = 1 } = pods;
  const { observed = generation, annotations = {} } = pods;
  const there = { replicas: ready, readyReplicas: ready, availableReplicas: ready, updatedReplicas: ready };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { ...meta(name), labels, annotations, generation },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, tier: 'tools' } } },
    },
    status: { observedGeneration: observed, ...there },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** An McpServer that a person wrote for the Deployment of its name. */
export const server = (name: string, spec: Fields = {}, status?: McpServerStatus): McpServer => ({
  apiVersion: API_VERSION,
  kind: 'McpServer',
  metadata: meta(name),
  spec: McpServerSpec.parse({ workloadRef: { name }, ...spec }),
  ...(status === undefined ? {} : { status }),
});

/** The McpServer that the operator made for a workload. */
export function adopted(of: Workload, status?: McpServerStatus): McpServer {
  const draft = adopting(of);
  return {
    ...draft,
    metadata: { ...meta(of.metadata.name), ...draft.metadata },
    ...(status === undefined ? { status: undefined } : { status }),
  } as McpServer;
}

interface Wished {
  readonly policy?: McpServerScaleSpec['policy'];
  /** The version of its last edit. */
  readonly version?: number;
  readonly about?: string;
  readonly ttl?: string;
  readonly force?: boolean;
  /** The Allocation that keeps it. */
  readonly of?: string;
  readonly labels?: Record<string, string>;
  readonly generation?: number;
}

/** A wish about the server `clock`, not accepted yet. */
export function wish(name: string, replicas: number, wished: Wished = {}): McpServerScale {
  const { policy = 'Set', version = 100, about = 'clock', of, labels = {}, generation = 1, ...spec } = wished;
  const owner = { apiVersion: API_VERSION, kind: 'Allocation', name: of ?? '', uid: `uid-of-${of}`, controller: true };
  return {
    apiVersion: API_VERSION,
    kind: 'McpServerScale',
    metadata: {
      ...meta(name),
      resourceVersion: String(version),
      labels,
      generation,
      ...(of === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: McpServerScaleSpec.parse({ serverRef: { name: about }, replicas, policy, ...spec }),
  };
}

/** The wish once it was taken in; later writes to it change its version, and not its place. */
export const accepted = (made: McpServerScale, moment = MORNING): McpServerScale => ({
  ...made,
  metadata: { ...made.metadata, resourceVersion: String(Number(made.metadata.resourceVersion) + 10_000) },
  status: {
    ...made.status,
    acceptedSequence: Number(made.metadata.resourceVersion),
    acceptedGeneration: made.metadata.generation ?? 1,
    acceptedAt: timestamp(moment),
  },
});

/** A look at the server `clock`, adopted from a Deployment of one ready pod, with nothing wished and nothing to be asked. */
export function look(change: Partial<SeenServer> = {}): SeenServer {
  const there = 'workload' in change ? change.workload : workload('clock');
  const known = change.server ?? adopted(workload('clock'), { baseline: 1 });
  return {
    server: known,
    workload: there,
    labelled: true,
    rival: undefined,
    wishes: [],
    service: undefined,
    autoscaler: undefined,
    pods: [],
    verdict: 'Unasked',
    history: remembered(there && replicasOf(there), false, MORNING.getTime()),
    unreadable: [],
    ...change,
  };
}

/** A Service in front of `clock`, with one port. */
export const service = (name: string, spec: Partial<Service['spec']> = {}, more: Partial<Service> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { type: 'ClusterIP', clusterIP: '10.0.0.7', ports: [{ port: 80 }], ...spec },
  ...more,
});
