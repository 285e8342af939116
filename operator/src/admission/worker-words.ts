import type { BurstWorker, BurstWorkerStatus } from '@cortex/crds';
import { withConditions } from '../conditions.ts';
import type { PoolChoice, Refusal } from './pool-choice.ts';

/** A worker whose slot was given to it, with its size as it is now (api.md: sizes are resolved once). */
export const admittedWorker = (worker: BurstWorker, { size }: PoolChoice, now: Date): BurstWorkerStatus => ({
  ...worker.status,
  phase: 'Requested',
  resources: { cpu: size.cpu, memory: size.memory, ...(size.disk === undefined ? {} : { disk: size.disk }) },
  conditions: withConditions(
    worker.status?.conditions,
    [{ type: 'Admitted', status: true, reason: 'Admitted', message: 'Its slot is reserved' }],
    worker.metadata.generation,
    now,
  ),
});

/** A worker that is not admitted, for now or for good. */
export const unadmittedWorker = (
  worker: BurstWorker,
  phase: 'Requested' | 'Failed',
  why: Refusal,
  now: Date,
): BurstWorkerStatus => ({
  ...worker.status,
  phase,
  conditions: withConditions(
    worker.status?.conditions,
    [{ type: 'Ready', status: false, ...why }],
    worker.metadata.generation,
    now,
  ),
});
