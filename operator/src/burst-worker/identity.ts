import type { BurstWorker } from '@cortex/crds';
import type { Node } from '../kube/core.ts';

const CONTROL_PLANE = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/etcd',
];

/** It runs the control plane, or its store. */
export const isControlPlane = ({ metadata: { labels = {} } }: Node): boolean =>
  CONTROL_PLANE.some((key) => key in labels);

export const WORKER_TYPE = 'worker-type';
export const PERMANENT = 'permanent';

/** A Node's machine id as it compares with a UID. */
export const machineOf = (node: Node): string => (node.status?.nodeInfo?.systemUUID ?? '').toLowerCase();

/**
 * Why it is in doubt which Node the worker's machine is, or whether that Node may go; undefined when it is not
 * (contracts D2, S1, S2). `own` are the Nodes that report this machine, `registered` the Node of the name that the
 * worker once joined under. While it is in doubt nothing is drained, removed or deleted.
 */
export function doubtAbout(
  worker: BurstWorker,
  own: readonly Node[],
  registered: Node | undefined,
): string | undefined {
  const { uid, name } = worker.metadata;
  const names = own.map((node) => node.metadata.name).toSorted();
  if (names.length > 1)
    return `Nodes ${names.join(' and ')} both report machine ${uid}; delete the one that is not BurstWorker ${name}`;
  const [node] = own;
  if (node !== undefined) return forbidsDestruction(node, worker);
  if (registered === undefined) return undefined;
  return registered.metadata.uid === worker.status?.nodeUID
    ? `Node ${registered.metadata.name} was BurstWorker ${name} and now reports machine ${machineOf(registered) || 'none'}`
    : isKept(registered);
}

/** Of a Node that is to stay whatever its machine: then not even its namesake goes before a person has looked. */
export function isKept(node: Node): string | undefined {
  const { name, labels = {} } = node.metadata;
  if (isControlPlane(node)) return `Node ${name} is a control-plane Node`;
  return labels[WORKER_TYPE] === PERMANENT ? `Node ${name} is labelled ${WORKER_TYPE}=${PERMANENT}` : undefined;
}

/** Why this Node may not be destroyed in the name of this worker; undefined when it may (contracts D2, S1, S2). */
export function forbidsDestruction(node: Node, worker: BurstWorker): string | undefined {
  const { name, creationTimestamp } = node.metadata;
  if (machineOf(node) !== worker.metadata.uid)
    return `Node ${name} is machine ${machineOf(node)}, not BurstWorker ${worker.metadata.name}`;
  const kept = isKept(node);
  if (kept !== undefined) return kept;
  const createdAt = worker.status?.vm?.createdAt;
  if (createdAt === undefined) return `BurstWorker ${worker.metadata.name} never made a machine`;
  if (Date.parse(creationTimestamp) < Date.parse(createdAt))
    return `Node ${name} is older (${creationTimestamp}) than the machine of BurstWorker ${worker.metadata.name} (${createdAt})`;
  return undefined;
}
