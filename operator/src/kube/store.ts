import { type IndexBy, Indexes } from './index-by.ts';
import { keyOf, type KubeObject } from './object.ts';
import { isNewer } from './resource-version.ts';
import { Tombstones } from './tombstones.ts';

/** Told which key changed, with the object now and before; may only enqueue. */
export type Changed<T> = (key: string, now: T | undefined, before: T | undefined) => void;

export interface StoreOptions<T> {
  readonly indexes?: IndexBy<T>;
  /** Keeps of an object only what is read; managedFields are never kept. */
  readonly transform?: (object: T) => T;
}

/**
 * A local copy of one kind as plain JSON. The watch and our own writes feed it, in any order:
 * an older version never replaces a newer one, and what was seen deleted does not come back.
 */
export class Store<T extends KubeObject> {
  /** True from the first complete list on. */
  synced = false;
  #upTo = '0';
  readonly #objects = new Map<string, T>();
  readonly #tombstones = new Tombstones();
  readonly #indexes: Indexes<T>;
  readonly #transform: (object: T) => T;
  readonly #listeners = new Set<Changed<T>>();

  constructor({ indexes = {}, transform = (object) => object }: StoreOptions<T> = {}) {
    this.#indexes = new Indexes(indexes);
    this.#transform = transform;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  /** Throws TypeError for an index that was not declared. */
  byIndex(name: string, value: string): T[] {
    return [...this.#indexes.keys(name, value)].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** How many that would be. Throws TypeError for an index that was not declared. */
  countBy(name: string, value: string): number {
    return this.#indexes.count(name, value);
  }

  /**
   * Whether the watch has shown everything up to this version. Versions of two kinds compare where both are kept in one
   * etcd, which is how Kubernetes is installed unless somebody moves a kind elsewhere.
   */
  hasPassed(resourceVersion: string): boolean {
    return !isNewer(resourceVersion, this.#upTo);
  }

  /** The watch has shown everything up to this version. */
  advance(resourceVersion: string): void {
    if (isNewer(resourceVersion, this.#upTo)) this.#upTo = resourceVersion;
  }

  /** Returns the call that ends it. */
  onChange(listener: Changed<T>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes an object in if it is news, and says whether it was. */
  learn(object: T): boolean {
    const key = keyOf(object);
    const version = object.metadata.resourceVersion;
    const known = this.#objects.get(key)?.metadata.resourceVersion;
    if (known !== undefined && !isNewer(version, known)) return false;
    if (this.#tombstones.covers(key, version)) return false;
    this.#set(key, this.#transform(withoutManagedFields(object)));
    return true;
  }

  /** Our own DELETE of an object without finalizers went through; another object of that name stays. */
  learnDeleted(key: string, uid: string): void {
    const known = this.#objects.get(key);
    if (known?.metadata.uid === uid) this.#bury(key, known.metadata.resourceVersion);
  }

  /** The watch saw it deleted, at the version the object now carries. */
  forget(object: T): void {
    const key = keyOf(object);
    const known = this.#objects.get(key)?.metadata.resourceVersion;
    if (known === undefined || !isNewer(known, object.metadata.resourceVersion))
      this.#bury(key, object.metadata.resourceVersion);
  }

  /**
   * The whole kind as it was at this version; later versions that were learned stay.
   * `rewound` says that the server's history was set back (etcd restored): then everything here is from a lost future.
   */
  replace(objects: ReadonlyMap<string, T>, resourceVersion: string, rewound = false): void {
    if (rewound) this.#loseTheFuture();
    for (const object of objects.values()) this.learn(object);
    for (const [key, known] of this.#objects)
      if (!objects.has(key) && (rewound || !isNewer(known.metadata.resourceVersion, resourceVersion)))
        this.#bury(key, resourceVersion);
    if (rewound) this.#upTo = '0';
    this.advance(resourceVersion);
    this.synced = true;
  }

  /** Versions can no longer be compared with what is here; the objects stay until the list has replaced them. */
  #loseTheFuture(): void {
    this.#tombstones.clear();
    for (const [key, object] of this.#objects)
      this.#objects.set(key, { ...object, metadata: { ...object.metadata, resourceVersion: '0' } });
  }

  #bury(key: string, resourceVersion: string): void {
    this.#tombstones.bury(key, resourceVersion);
    if (this.#objects.has(key)) this.#set(key, undefined);
  }

  #set(key: string, now: T | undefined): void {
    const before = this.#objects.get(key);
    if (now === undefined) this.#objects.delete(key);
    else this.#objects.set(key, now);
    this.#indexes.replace(key, before, now);
    for (const listener of this.#listeners) listener(key, now, before);
  }
}

function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (!('managedFields' in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
