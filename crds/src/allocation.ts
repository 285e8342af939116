import { AllocationSpec } from './allocation-spec.ts';
import { AllocationStatus } from './allocation-status.ts';
import { age, ready, reason, text, wide } from './columns.ts';
import { type CustomResource, type KindSource, nameAtMost } from './kind.ts';

export type Allocation = CustomResource<'Allocation', AllocationSpec, AllocationStatus>;

export const allocationKind: KindSource = {
  kind: 'Allocation',
  plural: 'allocations',
  scope: 'Namespaced',
  shortNames: ['alloc'],
  description:
    "A job's claim on some workers and MCP servers, for a time: queued, admitted all or nothing, made Ready, expired, released.",
  spec: AllocationSpec,
  status: AllocationStatus,
  conditions: ['QuotaReserved', 'ServersReady', 'WorkersReady', 'Ready', 'Expiring', 'Finished', 'Stalled'],
  rules: [
    nameAtMost(63, 'it is the default of jobId'),
    {
      rule: '!has(self.spec.takesOver) || self.spec.takesOver != self.metadata.name',
      message: 'spec.takesOver must name another Allocation, not this one',
      fieldPath: '.spec.takesOver',
      holds: ({ metadata, spec }) => spec['takesOver'] !== metadata.name,
    },
  ],
  columns: [
    text('Phase', '.status.phase', 'Where it stands'),
    ready('Whether the job can use it'),
    text('Workers', '.status.workersReady', 'Ready workers of those asked for'),
    text('Servers', '.status.serversReady', 'Running servers of those asked for'),
    text('Priority', '.spec.priority', 'Place in the queue'),
    text('Expires', '.status.expiresAt', 'When its workers begin to drain'),
    age,
    wide(text('Job', '.status.jobId', 'The job')),
    wide(text('Pool', '.status.reserved.pool', 'The pool of its workers')),
    reason,
  ],
};
