import type { Node, Taint } from '../kube/core.ts';
import { PERMANENT, WORKER_TYPE } from './identity.ts';
import { birthLabels, birthTaints, JOB, ownAnnotations } from './marks.ts';
import type { Seen } from './seen.ts';

/** A merge patch of this very Node; null takes something away. */
export interface NodePatch {
  readonly metadata: {
    readonly uid: string;
    /** Where it is given, nothing of the Node may have changed since. */
    readonly resourceVersion?: string | undefined;
    readonly labels: Readonly<Record<string, string | null>>;
    readonly annotations: Readonly<Record<string, string | null>>;
  };
  readonly spec?: { readonly taints: readonly Taint[]; readonly unschedulable?: boolean | null };
}

/**
 * The one patch that marks a Node as this worker's, or flips it to another claim: what it does not say yet. What could undo
 * somebody's word, the list of taints and how long a Node is kept, is written under the version that was seen; for all
 * else it does not matter that a Node which has just joined changes with every breath.
 */
export function markPatch(node: Node, seen: Seen): NodePatch {
  const { uid, resourceVersion, labels: said, annotations } = node.metadata;
  const labels = unsaid({ ...birthLabels(seen), ...permanence(node) }, said);
  const taints = taintsOf(node, seen);
  const isGuarded = taints !== undefined || WORKER_TYPE in labels;
  return {
    metadata: {
      uid,
      ...(isGuarded ? { resourceVersion } : {}),
      labels,
      annotations: unsaid(ownAnnotations(seen), annotations),
    },
    ...(taints === undefined ? {} : { spec: { taints } }),
  };
}

/** The taints with the claim's, and without that of another; undefined where they are so already. */
function taintsOf({ spec: { taints = [] } }: Node, seen: Seen): Taint[] | undefined {
  const [wanted] = birthTaints(seen);
  const marked = taints.filter(({ key }) => key === JOB);
  const isThere = marked.length === 1 && (marked[0]?.value ?? '') === wanted?.value;
  if (wanted === undefined ? marked.length === 0 : isThere) return undefined;
  return [...taints.filter(({ key }) => key !== JOB), ...birthTaints(seen)];
}

const unsaid = (wanted: Record<string, string>, said: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => said[key] !== value));

/** A person's word that the Node is to stay is not written over (contract S2). */
const permanence = ({ metadata }: Node): Record<string, string> =>
  metadata.labels?.[WORKER_TYPE] === PERMANENT ? { [WORKER_TYPE]: PERMANENT } : {};
