import type { Node } from '../kube/core.ts';

/** Its kubelet says that it is Ready. */
export const answers = (node: Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** Kubelet answers, and the taints of a Node that is not whole yet are gone. */
export const isInitialized = (node: Node): boolean =>
  answers(node) && !(node.spec.taints ?? []).some(({ key }) => UNFINISHED.has(key));

const UNFINISHED = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.cloudprovider.kubernetes.io/uninitialized',
]);
