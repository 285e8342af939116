import type { Node, Taint } from '../kube/core.ts';
import { uncordonPatch } from '../drain/cordon.ts';
import { markPatch } from './marks.ts';
import type { Seen } from './seen.ts';

/**
 * The one patch that gives a Node back to its pool (contract C2): the marks of a free worker, and the cordon undone
 * unless a NodeDrain wants it.
 */
export function freePatch(node: Node, seen: Seen): unknown {
  const { claimRef: _ended, ...spec } = seen.worker.spec;
  const marked = markPatch(node, { ...seen, claimant: { state: 'None' }, worker: { ...seen.worker, spec } }) as Patch;
  const opened = (
    seen.nodeDrain !== undefined ? undefined : uncordonPatch({ ...node, spec: { ...node.spec, ...marked.spec } })
  ) as Patch | undefined;
  if (opened === undefined) return marked;
  return {
    metadata: {
      ...marked.metadata,
      labels: { ...marked.metadata.labels, ...opened.metadata.labels },
      annotations: { ...marked.metadata.annotations, ...opened.metadata.annotations },
    },
    spec: { ...marked.spec, ...opened.spec },
  };
}

interface Patch {
  readonly metadata: { readonly labels?: object; readonly annotations?: object };
  readonly spec: { readonly taints: Taint[] };
}
