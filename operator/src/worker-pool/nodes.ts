import { type NodeDrain, type WorkerPool, type WorkerPoolStatus } from '@cortex/crds';
import { nodeBlock } from '../burst-worker/node-block.ts';
import { isControlPlane } from '../burst-worker/identity.ts';
import { answers } from '../burst-worker/node-state.ts';
import type { Node, Pod } from '../kube/core.ts';
import { countedAt, isAsWritten, untilDue, type Usage } from '../usage/usage.ts';

/** A Node that a pool of class Permanent counts. */
export interface PermanentNode {
  readonly node: Node;
  readonly pods: readonly Pod[];
  /** The NodeDrain that acts for it. */
  readonly drain: NodeDrain | undefined;
}

type Entry = NonNullable<WorkerPoolStatus['nodes']>[number];

/** As many fit into one object, whole; of more their labels and annotations would not. */
const MOST = 200;

/** Whether a Node belongs to this pool: its labels say so, and it is no Node of the control plane. */
export const belongsTo = ({ spec }: WorkerPool, node: Node): boolean =>
  spec.class === 'Permanent' &&
  !isControlPlane(node) &&
  Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value);

/** What a pool shows of its Nodes, by name: the first two hundred, and where there are more, those without labels and annotations. */
export function nodeEntries({ pool, nodes }: Shown, now: Date): Entry[] {
  const written = new Map((pool.status?.nodes ?? []).map((entry) => [entry.name, entry]));
  const isDue = usageDueMs({ pool, nodes }, now) === 0;
  return listed(nodes)
    .map((each) => entryOf(each, written.get(each.node.metadata.name)?.usage, isDue, now))
    .map(nodes.length > MOST ? bare : whole);
}

interface Shown {
  readonly pool: WorkerPool;
  readonly nodes: readonly PermanentNode[];
}

const listed = (nodes: readonly PermanentNode[]): PermanentNode[] =>
  nodes.toSorted((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1)).slice(0, MOST);

function entryOf({ node, pods, drain }: PermanentNode, written: Usage | undefined, isDue: boolean, now: Date): Entry {
  const isKept = written !== undefined && (!isDue || isAsWritten(written, pods));
  const drained = drain?.status?.drain;
  return {
    name: node.metadata.name,
    phase: phaseOf(node, drain),
    node: nodeBlock(node),
    usage: isKept ? written : countedAt(pods, now),
    ...(drained === undefined ? {} : { drain: drained }),
  };
}

function phaseOf(node: Node, drain: NodeDrain | undefined): string {
  const drains = drain?.status?.phase;
  if (drains === 'Draining' || drains === 'Drained') return drains;
  return answers(node) ? 'Ready' : 'NotReady';
}

const whole = (entry: Entry): Entry => entry;
const bare = ({ node, ...entry }: Entry): Entry => {
  const { labels: _labels, annotations: _annotations, ...block } = node ?? {};
  return { ...entry, node: block };
};

/** All Nodes of a pool are counted in one write, at most every 15 s: milliseconds until then; undefined where nothing changed. */
export function nextCountMs(shown: Shown, now: Date): number | undefined {
  const written = new Map((shown.pool.status?.nodes ?? []).map(({ name, usage }) => [name, usage]));
  const isNews = listed(shown.nodes).some(({ node, pods }) => !isAsWritten(written.get(node.metadata.name), pods));
  return isNews ? usageDueMs(shown, now) : undefined;
}

function usageDueMs({ pool }: Shown, now: Date): number {
  const counts = (pool.status?.nodes ?? []).flatMap(({ usage }) => usage?.observedAt ?? []);
  return untilDue(counts.toSorted().at(-1), now);
}

/** That not everything is shown; undefined where it is. */
export const shortened = (nodes: readonly PermanentNode[]): string | undefined =>
  nodes.length > MOST
    ? `status.nodes lists ${MOST} of its ${nodes.length} Nodes, by name and without labels and annotations`
    : undefined;
