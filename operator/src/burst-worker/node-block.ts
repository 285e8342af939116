import type { BurstWorkerStatus } from '@cortex/crds';
import type { Node } from '../kube/core.ts';

type NodeBlock = NonNullable<BurstWorkerStatus['node']>;

const LABELS = 64;
const ANNOTATIONS = 32;
const VALUE = 256;

/** Written by kube-controller-manager on every Node whenever the cluster has grown or shrunk past some size. */
const CACHE_TTL = 'node.alpha.kubernetes.io/ttl';

/** What a worker shows of its Node: bounded, sorted, and without what changes by itself (heartbeats, our own cordon, cache times). */
export function nodeBlock(node: Node): NodeBlock {
  return {
    capacity: node.status?.capacity ?? {},
    allocatable: node.status?.allocatable ?? {},
    labels: bounded(node.metadata.labels, LABELS),
    annotations: bounded(node.metadata.annotations, ANNOTATIONS),
    addresses: (node.status?.addresses ?? []).slice(0, 16).map(({ type, address }) => ({ type, address })),
    conditions: (node.status?.conditions ?? [])
      .map(({ type, status, reason }) => ({ type, status, ...(reason === undefined ? {} : { reason }) }))
      .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    unschedulable: node.spec.unschedulable ?? false,
    createdAt: node.metadata.creationTimestamp,
  };
}

const bounded = (all: Record<string, string> | undefined, most: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(all ?? {})
      .filter(([key, value]) => key !== CACHE_TTL && value.length <= VALUE)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, most),
  );
