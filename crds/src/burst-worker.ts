import { BurstWorkerSpec } from './burst-worker-spec.ts';
import { BurstWorkerStatus } from './burst-worker-status.ts';
import { age, ready, reason, text, wide } from './columns.ts';
import { type CustomResource, type KindSource, nameAtMost } from './kind.ts';

export type BurstWorker = CustomResource<'BurstWorker', BurstWorkerSpec, BurstWorkerStatus>;

export const burstWorkerKind: KindSource = {
  kind: 'BurstWorker',
  plural: 'burstworkers',
  scope: 'Cluster',
  shortNames: ['bw'],
  description: 'One virtual machine that becomes one Node, with a time to live: created, joined, drained, destroyed.',
  spec: BurstWorkerSpec,
  status: BurstWorkerStatus,
  conditions: [
    'Admitted',
    'Launched',
    'Registered',
    'Initialized',
    'Ready',
    'Claimed',
    'Expiring',
    'Cordoned',
    'Drained',
    'VolumesDetached',
    'VmGone',
    'IdentityConflict',
  ],
  rules: [nameAtMost(63, 'its Node is named after it')],
  selectableFields: ['.spec.pool', '.spec.claimRef.name'],
  columns: [
    text('Phase', '.status.phase', 'Where it stands'),
    ready('Whether its Node takes pods'),
    text('Pool', '.spec.pool', 'Its pool'),
    text('Size', '.spec.size', 'Its size'),
    text('Claim', '.spec.claimRef.name', 'The Allocation that uses it'),
    text('Expires', '.status.expiresAt', 'When it begins to drain'),
    age,
    wide(text('Node', '.status.nodeName', 'Its Node')),
    wide(text('VM', '.status.vm.id', 'Its machine')),
    reason,
  ],
};
