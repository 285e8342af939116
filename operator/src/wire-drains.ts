import type { BurstWorker, NodeDrain } from '@cortex/crds';
import { allowsSome } from './drain/budgets.ts';
import { keyOf } from './kube/object.ts';
import { INDEX, type Kinds } from './stores.ts';
import { workersOf } from './wiring.ts';

/** Where drains are announced; those of the second kind go before all that wait. */
export interface DrainQueues {
  readonly burstWorker: (key: string) => void;
  readonly nodeDrain: (key: string) => void;
  readonly first: Pick<DrainQueues, 'burstWorker' | 'nodeDrain'>;
}

/** Which change concerns whose drain; `nodesHeldBy` are the Nodes with a pod that a budget, `namespace/name`, holds back. */
export function wireDrains(kinds: Kinds, queues: DrainQueues, nodesHeldBy: (budget: string) => Iterable<string>): void {
  const drain = (node: string, to: DrainQueues['first'] = queues): void => {
    for (const worker of onNode(kinds, node)) if (isEmptied(worker)) to.burstWorker(keyOf(worker));
    for (const { metadata } of kinds.drains.store.byIndex(INDEX.node, node)) to.nodeDrain(metadata.name);
  };
  kinds.pods.store.onChange((_key, now, before) => {
    const nodes = new Set([now?.spec.nodeName, before?.spec.nodeName]);
    for (const node of nodes) if (node !== undefined) drain(node);
  });
  kinds.budgets.store.onChange((key, now) => {
    const frees = now === undefined || allowsSome(now);
    for (const node of nodesHeldBy(key)) drain(node, frees ? queues.first : queues);
  });
  kinds.attachments.store.onChange((_key, now, before) => {
    const node = (now ?? before)?.spec.nodeName;
    if (node !== undefined) drain(node);
  });
  kinds.nodes.store.onChange((name) => {
    for (const { metadata } of kinds.drains.store.byIndex(INDEX.node, name)) queues.nodeDrain(metadata.name);
  });
  kinds.drains.store.onChange((key, now, before) => {
    queues.nodeDrain(key);
    for (const node of nodesOf(now, before)) {
      for (const rival of kinds.drains.store.byIndex(INDEX.node, node)) queues.nodeDrain(rival.metadata.name);
      for (const worker of onNode(kinds, node)) queues.burstWorker(keyOf(worker));
    }
  });
}

const nodesOf = (...versions: (NodeDrain | undefined)[]): Set<string> =>
  new Set(versions.flatMap((version) => version?.spec.nodeName ?? []));

/** Pods concern a worker only while its Node is being emptied, for whatever reason. */
const isEmptied = ({ status }: BurstWorker): boolean =>
  status?.drain !== undefined || status?.phase === 'Draining' || status?.phase === 'Joining';

function onNode(kinds: Kinds, name: string): BurstWorker[] {
  const node = kinds.nodes.get(name);
  return node === undefined ? [] : [...workersOf(kinds, node)];
}
