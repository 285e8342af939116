import type { NodeDrain } from '@cortex/crds';
import { conditionOf } from '../conditions.ts';
import type { Node } from '../kube/core.ts';

/** The NodeDrain that acts for a Node: the oldest that is to stay, and has not ended with another Node of that name. */
export const actingFor = (node: Node, drains: readonly NodeDrain[]): NodeDrain | undefined =>
  drains.filter((drain) => isFor(drain, node)).toSorted(older)[0];

/** It is to stay, and means this Node or has bound none yet. */
const isFor = ({ metadata, status }: NodeDrain, node: Node): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.nodeUID === undefined || status.nodeUID === node.metadata.uid) &&
  conditionOf(status?.conditions, 'Drained')?.reason !== 'NodeGone';

const older = (a: NodeDrain, b: NodeDrain): number =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
  a.metadata.uid.localeCompare(b.metadata.uid);

const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

const isControlPlane = ({ metadata }: Node): boolean => CONTROL_PLANE.some((key) => key in (metadata.labels ?? {}));

/** No other Node of the control plane takes pods. */
export const isLastControlPlane = (node: Node, all: () => readonly Node[]): boolean =>
  isControlPlane(node) &&
  node.spec.unschedulable !== true &&
  !all().some(
    (other) => other.metadata.uid !== node.metadata.uid && isControlPlane(other) && other.spec.unschedulable !== true,
  );
