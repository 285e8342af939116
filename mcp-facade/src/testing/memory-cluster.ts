import { API_VERSION, type ObjectMeta } from '@cortex/crds';
import { ClusterError } from '../cluster-error.ts';
import type { Change, Changed, Cluster } from '../cluster-port.ts';
import { type Creatable, type Deletable, type Draft, type KindName, KINDS, type Objects } from '../kinds.ts';
import { type Lookup, LOOKUPS } from '../lookups.ts';

type Anything = Objects[KindName];

const keyOf = ({ metadata }: { metadata: { name: string; namespace?: string } }): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

/** A cluster in memory, without rules and without an operator: tests play both. */
export class MemoryCluster implements Cluster {
  outageMs = 0;
  /** Every write that was tried, such as `create allocations default/a`. */
  readonly writes: string[] = [];
  /** Thrown by the next call of any verb. */
  failNext: ClusterError | undefined;
  /** Plays the operator, for every object that is created. */
  onCreate: ((kind: Creatable, created: Anything) => void) | undefined;
  /** What the API server has, and the copy sees with the next `get` only: watches of different kinds keep no order. */
  readonly unseen: (() => void)[] = [];
  /** What is deleted stays, for a finalizer of somebody. */
  finalizers = false;
  readonly #objects = new Map<string, Anything>();
  readonly #listeners = new Set<(kind: KindName, key: string, change: Change) => void>();
  #version = 0;

  get<K extends KindName>(kind: K, key: string): Promise<Objects[K]> {
    for (const see of this.unseen.splice(0)) see();
    return this.#answer(() => this.#found(kind, key));
  }

  list<K extends KindName>(kind: K): Promise<readonly Objects[K][]> {
    return this.#answer(() =>
      [...this.#objects].filter(([id]) => id.startsWith(`${kind} `)).map(([, object]) => object as Objects[K]),
    );
  }

  async find<K extends KindName>(kind: K, by: Lookup, value: string): Promise<readonly Objects[K][]> {
    return (await this.list(kind)).filter((object) => LOOKUPS[by](object).includes(value));
  }

  async count(kind: KindName, by: Lookup, value: string): Promise<number> {
    return (await this.find(kind, by, value)).length;
  }

  watch<K extends KindName>(kind: K, key: string, changed: Changed<K>): () => void {
    const tell = (): void => changed(this.#objects.get(`${kind} ${key}`) as Objects[K] | undefined, key);
    const listener = (changedKind: KindName, changedKey: string): void => {
      if (changedKind === kind && changedKey === key) tell();
    };
    this.#listeners.add(listener);
    tell();
    return () => void this.#listeners.delete(listener);
  }

  watchAll(kind: KindName, changed: (key: string, change: Change) => void): () => void {
    const listener = (changedKind: KindName, key: string, change: Change): void => {
      if (changedKind === kind) changed(key, change);
    };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  create<K extends Creatable>(kind: K, draft: Draft<K>): Promise<Objects[K]> {
    const key = keyOf(draft);
    this.writes.push(`create ${kind} ${key}`);
    return this.#answer(() => {
      if (this.#objects.has(`${kind} ${key}`)) throw new ClusterError('already_exists', `${key} exists`);
      const created = this.put(kind, draft);
      this.onCreate?.(kind, created);
      return created;
    });
  }

  delete(kind: Deletable, key: string, uid: string): Promise<void> {
    this.writes.push(`delete ${kind} ${key}`);
    return this.#answer(() => {
      const object = this.#found(kind, key);
      if (object.metadata.uid !== uid) throw new ClusterError('conflict', `${key} has changed`);
      if (!this.finalizers) return this.remove(kind, key);
      this.put(kind, { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T12:00:00Z' } });
    });
  }

  /** The object as the cluster has it from now on. */
  put<K extends KindName>(
    kind: K,
    object: { metadata: Pick<ObjectMeta, 'name'> & Partial<ObjectMeta>; spec?: unknown; status?: unknown },
  ): Objects[K] {
    const key = keyOf(object);
    const known = this.#objects.get(`${kind} ${key}`);
    const whole = {
      apiVersion: API_VERSION,
      kind: KINDS[kind].kind,
      ...object,
      metadata: {
        uid: known?.metadata.uid ?? crypto.randomUUID(),
        creationTimestamp: known?.metadata.creationTimestamp ?? '2026-01-01T00:00:00Z',
        ...object.metadata,
        resourceVersion: String(++this.#version),
      },
    } as unknown as Objects[K];
    this.#objects.set(`${kind} ${key}`, whole);
    this.#tell(kind, key, known === undefined ? 'created' : 'updated');
    return whole;
  }

  remove(kind: KindName, key: string): void {
    this.#objects.delete(`${kind} ${key}`);
    this.#tell(kind, key, 'deleted');
  }

  #found<K extends KindName>(kind: K, key: string): Objects[K] {
    const object = this.#objects.get(`${kind} ${key}`);
    if (object === undefined) throw new ClusterError('not_found', `${KINDS[kind].kind} ${key} not found`);
    return object as Objects[K];
  }

  #tell(kind: KindName, key: string, change: Change): void {
    for (const listener of this.#listeners) listener(kind, key, change);
  }

  #answer<A>(ask: () => A): Promise<A> {
    const failure = this.failNext;
    this.failNext = undefined;
    return failure === undefined ? Promise.try(ask) : Promise.reject(failure);
  }
}
