import type { BurstWorkerStatus } from '@cortex/crds';
import type { Taint } from '../kube/core.ts';

/** The write-ahead record of a machine, as it is kept in `status.vm`. */
export type Checkpoint = NonNullable<BurstWorkerStatus['vm']>;

/** What a machine is to be. */
export interface VmRequest {
  /** Which cluster it belongs to; with the worker's UID it is the marker by which a machine is known as ours (S3). */
  readonly clusterId: string;
  readonly workerUid: string;
  /** The name its Node shall have. */
  readonly name: string;
  readonly pool: string;
  readonly size: { readonly cpu: string; readonly memory: string; readonly disk?: string };
  /** What its Node is born with. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Kwok only: how long the machine boots. */
  readonly bootDelayMs: number;
}

export type VmState = 'absent' | 'pending' | 'stopped' | 'running' | 'stopping' | 'unknown';

/** What a provider knows of a machine. `unknown` is never `absent`. */
export interface VmView {
  readonly state: VmState;
  readonly id?: string;
  readonly host?: string;
  readonly workerUid?: string;
  readonly clusterId?: string;
}

/** What one call came to. */
export interface Step {
  readonly vm: VmView;
  readonly checkpoint: Checkpoint;
  readonly done: boolean;
  readonly retryAfterMs?: number;
}

/** Something that would keep machines from being made, found without making one. */
export interface Finding {
  readonly what: string;
  readonly fix: string;
}

/**
 * What makes machines. The same checkpoint, any number of times, from two processes, with any answer lost, yields at most
 * one machine; nothing is changed or destroyed whose marker is not this cluster's and this worker's; no call that changes
 * something outlives its signal or 8 s, no read 30 s.
 */
export interface VmProvider {
  readonly kind: string;
  /** Whether machines could be made now: rights, templates, room. Changes nothing. */
  check(signal: AbortSignal): Promise<readonly Finding[]>;
  /** Chooses host, id and uuid. Changes nothing; the caller persists the answer before anything else. */
  plan(request: VmRequest, now: Date): Promise<Checkpoint>;
  /** Makes the machine, by at most one call that changes something; to be repeated until `done`. */
  ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step>;
  /** What became of the machine. Throws only when it cannot be asked. */
  observe(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView>;
  /** Ends and destroys the machine; to be repeated until it is absent. An absent machine is success. */
  remove(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step>;
  /** Every machine of this cluster, from the source. Throws rather than answer a part. */
  list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView>;
}
