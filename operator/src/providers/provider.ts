import type { BurstWorkerStatus } from '@cortex/crds';
import type { Taint } from '../kube/core.ts';

/**
 * The write-ahead record of a machine, as it is kept in `status.vm`: written before the call that it describes, and all
 * that survives a crash. `uuid` is the worker's UID; `operation` is work of the provider that is under way.
 */
export type Checkpoint = NonNullable<BurstWorkerStatus['vm']>;

/** Whose a machine is: the marker that its creation writes into it (S3). */
export interface Owner {
  readonly clusterId: string;
  readonly workerUid: string;
  /** The name its Node shall have; it identifies nothing. */
  readonly name: string;
}

/** What a machine reads when it boots, as cloud-init's NoCloud lays it out: file names and their texts. It holds secrets. */
export type Seed = Readonly<Record<string, string>>;

/** Where a seed comes from: rendered when it is needed, with the same text each time, and kept nowhere. */
export interface SeedSource {
  /** Throws Invalid for a template that cannot be filled in; makes no token. */
  assertValid(checkpoint: Checkpoint): Promise<void>;
  /** Makes the token it names valid. */
  render(checkpoint: Checkpoint): Promise<Seed>;
}

/** What a machine is to be. */
export interface VmRequest extends Owner {
  readonly pool: string;
  readonly size: { readonly cpu: string; readonly memory: string; readonly disk?: string };
  /** What its Node is born with. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Kwok only: how long the machine boots. */
  readonly bootDelayMs: number;
  /** Unset: it needs none to boot. */
  readonly seed?: SeedSource;
}

/** What a kind of provider can do. */
export interface Caps {
  /** How a machine gets its user data. */
  readonly seed: 'iso' | 'native' | 'url' | 'none';
  /** Its Node reports the worker's UID as systemUUID. */
  readonly systemUUID: boolean;
  readonly list: boolean;
  readonly gracefulStop: boolean;
  readonly addresses: boolean;
}

/** What a provider knows of a machine. `unknown` is never `absent`: only an answer that says so makes a machine absent. */
export interface VmView {
  readonly state: 'absent' | 'pending' | 'stopped' | 'running' | 'stopping' | 'unknown';
  readonly id?: string;
  readonly host?: string;
  readonly workerUid?: string;
  readonly clusterId?: string;
  readonly addresses?: readonly string[];
}

/** What one call came to. The caller writes the checkpoint down before it calls again. */
export interface Step {
  readonly vm: VmView;
  readonly checkpoint: Checkpoint;
  readonly done: boolean;
  readonly retryAfterMs?: number;
  /** What a person should hear of it: a task that failed and is tried again, or ended with warnings. */
  readonly notice?: string;
}

/** Something that would keep machines from being made, found without making one. */
export interface Finding {
  /** The code with which a machine would be refused for it, where there is one. */
  readonly code?: string;
  readonly what: string;
  readonly fix: string;
}

/** How a machine is ended: asked to shut down for so long, then switched off (contract D17). */
export interface Ending {
  readonly graceful: boolean;
  readonly graceMs: number;
}

export const GRACEFUL: Ending = { graceful: true, graceMs: 60_000 };

/**
 * What makes machines. Nothing is changed or destroyed whose marker is not this cluster's and this worker's: that is
 * refused as Foreign. Calls that change something end with their signal, after 8 s at the latest; reads after 30 s:
 * what takes longer is an operation in the checkpoint. Every refusal is a ProviderError.
 */
export interface VmProvider {
  readonly kind: string;
  readonly caps: Caps;

  /**
   * Guarantees: changes nothing; no finding means that a machine could be made now, as far as can be asked.
   * Caveat: what is right now may be wrong at the next call.
   */
  check(signal: AbortSignal): Promise<readonly Finding[]>;

  /**
   * Guarantees: changes nothing; the same request yields the same uuid, and the same id while nobody takes it.
   * Assumes: the caller writes the answer down before `ensure`; `now` is not ahead of the API server's clock, or its own Node
   * would seem older than the machine.
   */
  plan(request: VmRequest, now: Date): Promise<Checkpoint>;

  /**
   * Guarantees: at most one call that changes something; with one checkpoint, any number of times, from two processes,
   * with any answer lost, at most one machine. `done` means that it runs and that its Node is on its way.
   * Assumes: it is repeated with the checkpoint it returned until `done`.
   * Caveat: the checkpoint may come back with another id, when the first was somebody else's.
   */
  ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step>;

  /**
   * Guarantees: `absent` only if the source says so; another's machine under our id is `unknown`.
   * Throws when the source cannot be asked.
   */
  observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView>;

  /**
   * Guarantees: at most one call that changes something; an absent machine is success. `done` means that the machine is
   * absent, and its disks and seed with it.
   * Assumes: it is repeated with the checkpoint it returned until `done`. Caveat: Nodes are not its business.
   */
  remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending?: Ending): Promise<Step>;

  /**
   * The Node has joined: what the machine booted with is taken out and deleted. Absent where nothing can be taken out.
   * Guarantees: at most one call that changes something; `done` means that the checkpoint names no seed any more.
   * Assumes: it is repeated with the checkpoint it returned until `done`.
   */
  settle?(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step>;

  /**
   * Guarantees: every machine whose marker names the cluster, and no other, from the source itself.
   * Throws rather than answer a part.
   */
  list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView>;
}
