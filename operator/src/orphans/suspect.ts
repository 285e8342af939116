import type { VmView } from '../providers/provider.ts';

interface Sighting {
  /** The same thing at every look: kind, provider, id and UID. */
  readonly key: string;
  /** By whose provider it was found. */
  readonly pool: string;
  readonly provider: string;
  /** The BurstWorker that it names, and that does not exist. */
  readonly workerUid: string;
  readonly firstSeenAt: number;
  /** From when on it is a leak, if it is then still seen. */
  readonly provenAt: number;
}

/** A machine that carries this cluster's token and that no BurstWorker claims. */
export interface LostMachine extends Sighting {
  readonly kind: 'Machine';
  readonly id: string;
  readonly host: string | undefined;
  readonly state: VmView['state'];
}

/** A Node that carries our mark and has neither a BurstWorker nor a machine. */
export interface LostNode extends Sighting {
  readonly kind: 'Node';
  readonly name: string;
  readonly uid: string;
}

export type Suspect = LostMachine | LostNode;

/** A suspect that was seen long enough, and why it is left alone all the same; unset: it may go. */
export type Leak = Suspect & { readonly held: string | undefined };
