import type { Node } from '../kube/core.ts';
import { uncordonPatch } from '../drain/cordon.ts';
import { markPatch, type NodePatch } from './mark-patch.ts';
import type { Seen } from './seen.ts';

/**
 * The one patch that gives a Node back to its pool (contract C2): the marks of a free worker, and the cordon undone
 * unless a NodeDrain wants it.
 */
export function freePatch(node: Node, seen: Seen): NodePatch {
  const { claimRef: _ended, ...spec } = seen.worker.spec;
  const marked = markPatch(node, { ...seen, claimant: { state: 'None' }, worker: { ...seen.worker, spec } });
  if (seen.nodeDrain !== undefined) return marked;
  const taints = marked.spec?.taints ?? node.spec.taints ?? [];
  const opened = uncordonPatch({ ...node, spec: { ...node.spec, taints: [...taints] } }) as NodePatch | undefined;
  if (opened === undefined) return marked;
  return {
    metadata: {
      ...opened.metadata,
      labels: { ...marked.metadata.labels, ...opened.metadata.labels },
      annotations: { ...marked.metadata.annotations, ...opened.metadata.annotations },
    },
    ...(opened.spec === undefined ? {} : { spec: opened.spec }),
  };
}
