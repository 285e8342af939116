import type { ClusterError } from './cluster-error.ts';
import type { Creatable, Deletable, Draft, KindName, Objects } from './kinds.ts';
import type { Lookup } from './lookups.ts';

/** Told of an object as it now is; undefined: it does not exist. */
export type Changed<K extends KindName> = (object: Objects[K] | undefined, key: string) => void;

export type Change = 'created' | 'updated' | 'deleted';

/** Five verbs over the kinds of this product, get, list, watch, create and delete: everything the facade can do to a cluster. All throw ClusterError. */
export interface Cluster {
  /** From the API server itself. */
  get<K extends KindName>(kind: K, key: string): Promise<Objects[K]>;
  /** From the shared copy, which holds at least what this process has written. */
  list<K extends KindName>(kind: K): Promise<readonly Objects[K][]>;
  /** Those of the shared copy that have this value. */
  find<K extends KindName>(kind: K, by: Lookup, value: string): Promise<readonly Objects[K][]>;
  /** How many have it. */
  count(kind: KindName, by: Lookup, value: string): Promise<number>;
  /** Tells of one object at once, and with every change of the shared copy; returns the call that ends it. */
  watch<K extends KindName>(kind: K, key: string, changed: Changed<K>): () => void;
  /** Tells of every change of a kind from now on. Returns the call that ends it. */
  watchAll(kind: KindName, changed: (key: string, change: Change) => void): () => void;
  create<K extends Creatable>(kind: K, draft: Draft<K>): Promise<Objects[K]>;
  /** Deletes the object with this UID, and no other of that name. */
  delete(kind: Deletable, key: string, uid: string): Promise<void>;
  /** For how long the copies may have missed something, in milliseconds; 0 while all watches are open. */
  readonly outageMs: number;
}

/** What an identity may do to some resources, as the API server tells it. */
export interface Right {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** What the API server says of whoever asks it. */
export interface Self {
  readonly user: string;
  readonly rights: readonly Right[];
  /** Why some rights could not be listed; undefined: these are all. */
  readonly incomplete: string | undefined;
}

export interface OpenCluster extends Cluster {
  /** Who this process is to the API server, and what it may do in these namespaces and beyond any. */
  self(namespaces: readonly string[]): Promise<Self>;
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string;
  /** Every kind has been read whole. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface ClusterObserver {
  /** Once an outage of a kind; then once when it is over. */
  trouble?(plural: string, error: ClusterError): void;
  recovered?(plural: string, outageMs: number): void;
}
