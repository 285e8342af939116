import { age, number, ready, text, wide } from './columns.ts';
import { type CustomResource, type KindSource, nameAtMost } from './kind.ts';
import { WorkerPoolSpec } from './worker-pool-spec.ts';
import { WorkerPoolStatus } from './worker-pool-status.ts';

export type WorkerPool = CustomResource<'WorkerPool', WorkerPoolSpec, WorkerPoolStatus>;

export const workerPoolKind: KindSource = {
  kind: 'WorkerPool',
  plural: 'workerpools',
  scope: 'Cluster',
  shortNames: ['wp'],
  description: 'Where workers come from: class, provider, sizes, limits, and how their Nodes are drained.',
  spec: WorkerPoolSpec,
  status: WorkerPoolStatus,
  conditions: ['Ready', 'ProviderReachable', 'CapacityAvailable', 'LimitsRespected', 'BreakerOpen', 'LeaksFound'],
  rules: [nameAtMost(40, 'workers are named after it')],
  columns: [
    text('Class', '.spec.class', 'What the workers are'),
    text('Provider', '.spec.provider.type', 'What makes the machines'),
    ready('Whether it admits requests'),
    number('Workers', '.status.workers.total', 'Its workers'),
    number('Reserved', '.status.capacity.reserved.workers', 'Slots given away'),
    number('Limit', '.spec.limits.workers', 'The most workers'),
    number('Pending', '.status.queue.pending', 'Allocations that wait'),
    age,
    wide(number('Warm', '.status.workers.warm', 'Ready, free workers')),
    wide(text('Default', '.spec.default', 'Serves requests that name no pool')),
  ],
};
