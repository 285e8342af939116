import type { BurstWorkerStatus } from '@cortex/crds';
import type { Seen } from './seen.ts';

/** The checkpoint as it is persisted: before the call it describes, and whenever an answer changed what to call next. */
export function vmBlock({ worker, checkpoint, proposed, vm }: Seen): Pick<BurstWorkerStatus, 'vm'> {
  const known = proposed ?? checkpoint;
  if (known === undefined) return {};
  const state = proposed === undefined ? (worker.status?.vm?.state ?? vm?.state) : undefined;
  const { state: _before, ...rest } = known;
  return { vm: { ...rest, ...(state === undefined ? {} : { state }) } };
}
