import type { BurstWorker } from '@cortex/crds';
import type { Node } from '../kube/core.ts';

const CONTROL_PLANE = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/etcd',
];
const PERMANENT = 'permanent';

/** A Node's machine id as it compares with a UID. */
export const machineOf = (node: Node): string => (node.status?.nodeInfo?.systemUUID ?? '').toLowerCase();

/**
 * Why this Node may not be destroyed in the name of this worker; undefined when it may (contracts D2, S1, S2).
 * Asked of a Node that was just read from the API server, never of a cached one.
 */
export function forbidsDestruction(node: Node, worker: BurstWorker): string | undefined {
  const { name, labels = {}, creationTimestamp } = node.metadata;
  if (machineOf(node) !== worker.metadata.uid)
    return `Node ${name} is machine ${machineOf(node)}, not BurstWorker ${worker.metadata.name}`;
  if (CONTROL_PLANE.some((key) => key in labels)) return `Node ${name} is a control-plane Node`;
  if (labels['worker-type'] === PERMANENT) return `Node ${name} is labelled worker-type=permanent`;
  const createdAt = worker.status?.vm?.createdAt;
  if (createdAt === undefined) return `BurstWorker ${worker.metadata.name} never made a machine`;
  if (Date.parse(creationTimestamp) < Date.parse(createdAt))
    return `Node ${name} is older (${creationTimestamp}) than the machine of BurstWorker ${worker.metadata.name} (${createdAt})`;
  return undefined;
}
