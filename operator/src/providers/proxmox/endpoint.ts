import type { Proxmox } from '@cortex/crds';
import type { Checkpoint, Step, VmView } from '../provider.ts';
import type { ProxmoxClient } from './client.ts';
import type { Lanes } from './lanes.ts';

/** One Proxmox cluster as one pool uses it. */
export interface Endpoint {
  readonly client: ProxmoxClient;
  readonly settings: Proxmox;
  readonly lanes: Lanes;
}

export const ABSENT: VmView = { state: 'absent' };

/** How often what is under way is looked at. */
const LOOK_AGAIN_MS = 1_000;

export const waits = (vm: VmView, checkpoint: Checkpoint, retryAfterMs = LOOK_AGAIN_MS): Step => ({
  vm,
  checkpoint,
  done: false,
  retryAfterMs,
});

/** A call that was accepted; where it is a task, it is looked at by its id from now on. */
export const begun = (vm: VmView, checkpoint: Checkpoint, upid: string | null | undefined): Step =>
  waits(
    vm,
    upid === null || upid === undefined || upid === '' ? withoutTask(checkpoint) : { ...checkpoint, operation: upid },
  );

export function withoutTask(checkpoint: Checkpoint): Checkpoint {
  const { operation: _operation, ...rest } = checkpoint;
  return rest;
}

export function withoutSeed(checkpoint: Checkpoint): Checkpoint {
  const { seed: _seed, ...rest } = checkpoint;
  return rest;
}
