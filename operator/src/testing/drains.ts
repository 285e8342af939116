import { CORDON_FINALIZER, type NodeDrain, NodeDrainSpec, type NodeDrainStatus } from '@cortex/crds';
import { timestamp } from '../conditions.ts';
import type { Seen } from '../node-drain/seen.ts';
import { at } from './workers.ts';

/** The NodeDrain drain-1 of the Node burst-1, made at 10:00:00, with its finalizer. */
export const aDrain = (
  status?: NodeDrainStatus,
  metadata: Partial<NodeDrain['metadata']> = {},
  spec: object = {},
): NodeDrain => ({
  apiVersion: 'cortex.automation/v1alpha1',
  kind: 'NodeDrain',
  metadata: {
    name: 'drain-1',
    uid: 'uid-of-drain-1',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: timestamp(at('10:00:00')),
    finalizers: [CORDON_FINALIZER],
    ...metadata,
  },
  spec: NodeDrainSpec.parse({ nodeName: 'burst-1', ...spec }),
  ...(status === undefined ? {} : { status }),
});

/** A look at a NodeDrain that nothing stands in the way of. */
export const drainSeen = (more: Partial<Seen> = {}): Seen => ({
  drain: aDrain(),
  node: undefined,
  older: undefined,
  another: false,
  worker: undefined,
  lastControlPlane: false,
  plan: undefined,
  volumes: undefined,
  cordoned: false,
  frozen: undefined,
  ...more,
});
