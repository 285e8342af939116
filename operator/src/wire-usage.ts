import type { Node } from './kube/core.ts';
import { keyOf } from './kube/object.ts';
import type { Kinds } from './stores.ts';
import { workersOf } from './wiring.ts';
import { belongsTo } from './worker-pool/nodes.ts';

export interface UsageQueues {
  readonly usage: (key: string) => void;
  readonly workerPool: (key: string) => void;
}

/** Whose account of its Nodes changes with what is on them, and with what they are. */
export function wireUsage(kinds: Kinds, queues: UsageQueues): void {
  const pools = (...versions: (Node | undefined)[]): void => {
    for (const pool of kinds.pools.store.list())
      if (versions.some((node) => node !== undefined && belongsTo(pool, node))) queues.workerPool(pool.metadata.name);
  };
  const onNode = (name: string | undefined): void => {
    const node = name === undefined ? undefined : kinds.nodes.get(name);
    if (node === undefined) return;
    for (const worker of workersOf(kinds, node)) queues.usage(keyOf(worker));
    pools(node);
  };
  kinds.workers.store.onChange((key, now) => {
    if (now?.status?.phase === 'Ready') queues.usage(key);
  });
  kinds.pods.store.onChange((_key, now, before) => {
    for (const node of new Set([now?.spec.nodeName, before?.spec.nodeName])) onNode(node);
  });
  kinds.drains.store.onChange((_key, now, before) => onNode((now ?? before)?.spec.nodeName));
  kinds.nodes.store.onChange((_key, now, before) => pools(now, before));
}
