import type { WorkerPoolStatus } from '@cortex/crds';
import { type Amount, bytes, milliCores, NOTHING, plus } from '../admission/amount.ts';
import { counted, type Usage } from '../usage/usage.ts';
import type { PermanentNode } from './nodes.ts';

type Entry = NonNullable<WorkerPoolStatus['nodes']>[number];

/** What a pool that makes no machines has: its Nodes, and what each of them can give to pods. */
export const offeredBy = (nodes: readonly PermanentNode[]): Amount =>
  nodes.map(({ node }) => ({ workers: 1, ...amountOf(node.status?.allocatable ?? {}) })).reduce(plus, NOTHING);

/**
 * What is given away of that: what pods request. Nobody claims such a Node, so no worker is. As it is shown of each Node,
 * because counts are written every quarter of a minute; of Nodes that are not shown it is counted anew.
 */
export function requestedOf(nodes: readonly PermanentNode[], entries: readonly Entry[]): Amount {
  const shown = new Map(entries.map(({ name, usage }) => [name, usage]));
  return nodes
    .map(({ node, pods }): Pick<Usage, 'cpu' | 'memory'> => shown.get(node.metadata.name) ?? counted(pods))
    .map((usage) => ({ workers: 0, ...amountOf(usage) }))
    .reduce(plus, NOTHING);
}

const amountOf = ({ cpu = '0', memory = '0' }: { cpu?: string | undefined; memory?: string | undefined }) => ({
  cpu: milliCores(cpu),
  memory: bytes(memory),
});
