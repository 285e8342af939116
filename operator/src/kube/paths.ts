import type { KubeObject, ResourceType } from './object.ts';

type AnyType = Pick<ResourceType<KubeObject>, 'group' | 'version' | 'plural' | 'namespaced' | 'kind'>;

/** Path of a kind's collection, in one namespace or in all. */
export function collectionPath(type: AnyType, namespace?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${type.plural}`;
}

/** Path of one object by key. Throws when the key does not fit the kind's scope: that would name another object. */
export function objectPath(type: AnyType, key: string, subresource?: string): string {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length !== (type.namespaced ? 2 : 1) || parts.includes(''))
    throw new TypeError(
      `"${key}" is no key of a ${type.kind}: expected ${type.namespaced ? 'namespace/name' : 'name'}`,
    );
  const path = `${collectionPath(type, type.namespaced ? parts[0] : undefined)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** What a path speaks of, without names: `pods/eviction`, `allocations.cortex.automation`. For metrics. */
export function resourceOf(path: string): string {
  const [root, ...rest] = path.split('/').slice(1);
  const group = root === 'apis' ? rest.shift() : undefined;
  const [, ...segments] = rest;
  const scoped =
    segments[0] === 'namespaces' && segments.length > 2 && segments[2] !== 'status' ? segments.slice(2) : segments;
  const [plural = root ?? '', , subresource] = scoped;
  return `${plural}${group === undefined ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
