import type { BurstWorker, NodeDrain } from '@cortex/crds';
import { report as ofWorker } from '../../burst-worker/status.ts';
import { report as ofDrain } from '../../node-drain/status.ts';
import { Stalled } from '../../runtime/outcome.ts';
import { aDrain, drainSeen } from '../drains.ts';
import { aNode, aPlan, aPool, aWorker, at, checkpoint, cordoned, holding, registered, seenOf } from '../workers.ts';
import { deleting } from '../world.ts';
import { of, type Recorded } from './moment.ts';

const now = at('10:05:00');
const bw = (seen: ReturnType<typeof seenOf>, failure?: unknown, when = now): BurstWorker => ({
  ...seen.worker,
  status: ofWorker(seen, failure, when) ?? {},
});
const admitted = aWorker({}, { vm: checkpoint, conditions: holding('Admitted') });
const drain = { startedAt: '2030-01-01T10:05:00Z', deadline: '2030-01-01T10:15:00Z' };
const leaving = aWorker({}, registered({ drain }), { deletionTimestamp: '2030-01-01T10:05:00Z' });
const blockage = {
  reason: 'PDBNeverAllows',
  message: 'PodDisruptionBudget team/db never allows',
} as const;
const once = aPool({ provisioning: { timeout: '1m', attempts: 1 } });

export const workers: readonly Recorded[] = [
  of('with a slot', aWorker({}, { phase: 'Requested', conditions: holding('Admitted') }), 'Progressing'),
  of('whose machine is made', bw(seenOf({ worker: admitted })), 'Progressing'),
  of('whose machine boots', bw(seenOf({ worker: admitted, vm: { state: 'running' } })), 'Progressing'),
  of('that a provider refuses', bw(seenOf({ worker: admitted }), new Stalled('ProviderError', 'no room')), 'Degraded'),
  of('whose Node takes pods', bw(seenOf({ worker: aWorker({}, registered()), node: aNode() })), 'Healthy'),
  of(
    'whose Node went silent',
    bw(seenOf({ worker: aWorker({}, registered()), node: aNode({ ready: false }) })),
    'Degraded',
  ),
  of('that drains', bw(seenOf({ worker: leaving, node: aNode() })), 'Progressing'),
  of(
    'whose drain a budget never allows',
    bw(seenOf({ worker: leaving, node: aNode(), drain: aPlan({ blockage }) })),
    'Degraded',
  ),
  of(
    'that is empty and goes',
    bw(seenOf({ worker: leaving, node: aNode(), cordoned: true, drain: aPlan({ drained: true }) })),
    'Progressing',
  ),
  of('that never came up', bw(seenOf({ worker: admitted, pool: once, vm: { state: 'absent' } })), 'Degraded'),
];

const nd = (seen: Parameters<typeof ofDrain>[0], when = now): NodeDrain => ({
  ...seen.drain,
  status: ofDrain(seen, when) ?? {},
});
const closed = { node: cordoned(aNode()), cordoned: true };
const begun = aDrain({ phase: 'Draining', nodeUID: 'uid-of-node', drain });

export const drains: readonly Recorded[] = [
  of('of a Node that is not there', nd(drainSeen()), 'Degraded'),
  of('that waits for an older one', nd(drainSeen({ node: aNode(), older: aDrain() })), 'Degraded'),
  of('whose pods leave', nd(drainSeen({ node: aNode() })), 'Progressing'),
  of('that may destroy nothing now', nd(drainSeen({ node: aNode(), frozen: 'A copy lags' })), 'Suspended'),
  of('that is done', nd(drainSeen({ ...closed, drain: begun, plan: aPlan({ drained: true }) })), 'Healthy'),
  of('of the last control plane', nd(drainSeen({ node: aNode(), lastControlPlane: true })), 'Degraded'),
  of('that is taken back', nd(drainSeen({ ...closed, drain: deleting(begun) })), 'Progressing'),
];
