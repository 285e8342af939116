import { isDeepStrictEqual } from 'node:util';
import { type ConditionType, KINDS, type ObjectMeta } from '@cortex/crds';
import { timestamp } from '../../conditions.ts';
import type { DeleteOptions, ListOptions } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import { keyOf, type KubeObject } from '../../kube/object.ts';

/** Any object, as the server keeps it. */
export interface Kept extends KubeObject {
  metadata: ObjectMeta;
  spec?: unknown;
  status?: unknown;
}

/** Where a kind lives, as far as this server cares. */
export interface Place {
  readonly plural: string;
  readonly kind: string;
  readonly group: string;
}

export type Watcher = (event: 'changed' | 'deleted', object: Kept) => void;

/**
 * The API server in memory: optimistic concurrency, generations, finalizers, preconditions, owners, watches. A write that
 * changes nothing makes no new version, as with the real one.
 */
export class MemoryApiServer {
  readonly #kept = new Map<string, Map<string, Kept>>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #now: () => Date;
  #version = 1;
  #made = 0;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  get version(): string {
    return String(this.#version);
  }

  watch({ plural }: Place, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(plural) ?? new Set<Watcher>();
    this.#watchers.set(plural, watchers.add(watcher));
    return () => void watchers.delete(watcher);
  }

  list({ plural }: Place, { fieldSelector, labelSelector }: ListOptions = {}): Kept[] {
    const node = /^spec\.nodeName=(.*)$/.exec(fieldSelector ?? '')?.[1];
    const [label, value] = (labelSelector ?? '').split('=');
    return [...this.#of(plural).values()]
      .filter(({ spec }) => node === undefined || (spec as { nodeName?: string }).nodeName === node)
      .filter(({ metadata }) => label === '' || label === undefined || metadata.labels?.[label] === value)
      .map((object) => structuredClone(object));
  }

  /** As they are kept: to be looked at and not to be changed. */
  peek({ plural }: Place): Kept[] {
    return [...this.#of(plural).values()];
  }

  get(place: Place, key: string): Kept {
    return structuredClone(this.#find(place, key));
  }

  create(place: Place, draft: object): Kept {
    const given = structuredClone(draft) as Kept;
    const key = keyOf(given);
    if (this.#of(place.plural).has(key)) throw refusal(409, 'AlreadyExists', `${place.kind} ${key} exists`);
    const { status, ...rest } = given;
    const isOurs = place.group === 'cortex.automation';
    return this.#keep(place, {
      ...(isOurs ? rest : { ...rest, status }),
      metadata: {
        ...given.metadata,
        uid: `00000000-0000-4000-8000-${String(++this.#made).padStart(12, '0')}`,
        resourceVersion: '0',
        generation: 1,
        creationTimestamp: timestamp(this.#now()),
      },
    });
  }

  updateStatus(place: Place, object: Kept): Kept {
    const there = this.#find(place, keyOf(object));
    if (there.metadata.resourceVersion !== object.metadata.resourceVersion) throw conflict(place, there);
    requireListed(place, object.status);
    return this.#keep(place, { ...there, status: structuredClone(object.status) });
  }

  /** Merge patch of the object without its status. */
  patch(place: Place, key: string, patch: { metadata?: Partial<ObjectMeta>; spec?: unknown }): Kept {
    const there = this.#find(place, key);
    const { resourceVersion, uid, ...metadata } = patch.metadata ?? {};
    if (resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion)
      throw conflict(place, there);
    if (uid !== undefined && uid !== there.metadata.uid) throw conflict(place, there);
    const spec = patch.spec === undefined ? there.spec : merged(there.spec, patch.spec);
    const generation = (there.metadata.generation ?? 1) + (isDeepStrictEqual(spec, there.spec) ? 0 : 1);
    return this.#keep(place, {
      ...there,
      metadata: { ...(merged(there.metadata, metadata) as ObjectMeta), generation },
      ...(spec === undefined ? {} : { spec }),
    });
  }

  delete(place: Place, key: string, { uid, resourceVersion }: DeleteOptions = {}): void {
    const there = this.#find(place, key);
    if (uid !== undefined && uid !== there.metadata.uid) throw conflict(place, there);
    if (resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion)
      throw conflict(place, there);
    const deletionTimestamp = there.metadata.deletionTimestamp ?? timestamp(this.#now());
    this.#keep(place, { ...there, metadata: { ...there.metadata, deletionTimestamp } });
  }

  /** Keeps a new version; one that nothing holds back any more is gone, and what it owns with it. */
  #keep(place: Place, object: Kept): Kept {
    const key = keyOf(object);
    const before = this.#of(place.plural).get(key);
    if (before !== undefined && isDeepStrictEqual(before, JSON.parse(JSON.stringify(object))))
      return structuredClone(before);
    const kept = JSON.parse(
      JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } }),
    ) as Kept;
    const gone = kept.metadata.deletionTimestamp !== undefined && (kept.metadata.finalizers ?? []).length === 0;
    if (gone) this.#of(place.plural).delete(key);
    else this.#of(place.plural).set(key, kept);
    for (const watcher of this.#watchers.get(place.plural) ?? [])
      watcher(gone ? 'deleted' : 'changed', structuredClone(kept));
    if (gone) this.#collect(kept.metadata.uid);
    return structuredClone(kept);
  }

  #collect(owner: string): void {
    for (const [plural, objects] of this.#kept)
      for (const [key, { metadata, kind }] of objects)
        if (metadata.ownerReferences?.some(({ uid }) => uid === owner)) this.delete({ plural, kind, group: '' }, key);
  }

  #of(plural: string): Map<string, Kept> {
    const known = this.#kept.get(plural);
    if (known !== undefined) return known;
    const objects = new Map<string, Kept>();
    this.#kept.set(plural, objects);
    return objects;
  }

  #find({ plural, kind }: Place, key: string): Kept {
    const object = this.#of(plural).get(key);
    if (object === undefined) throw refusal(404, 'NotFound', `${kind} ${key} not found`);
    return object;
  }
}

/** The real one takes any condition: here none is written that the page of its kind does not list (A2). */
function requireListed({ kind, group }: Place, status: unknown): void {
  if (group !== 'cortex.automation') return;
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: ConditionType }[] };
  const listed = KINDS.find((each) => each.kind === kind)?.conditions ?? [];
  const strange = conditions.filter(({ type }) => !listed.includes(type)).map(({ type }) => type);
  if (strange.length > 0) throw refusal(422, 'Invalid', `the page of ${kind} lists no condition ${strange.join(', ')}`);
}

/** RFC 7386. */
function merged(before: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return structuredClone(patch);
  const result: Record<string, unknown> = isRecord(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refusal = (status: number, reason: string, message: string): KubeError =>
  new KubeError('in memory', { status, reason, message });

const conflict = ({ kind }: Place, { metadata }: Kept): KubeError =>
  refusal(409, 'Conflict', `${kind} ${metadata.name} is at ${metadata.resourceVersion}`);
