import type { DeleteOptions, KubeClient, ListOptions } from './client.ts';
import { isGone } from './errors.ts';
import { type Draft, keyOf, type KubeObject, type ResourceType } from './object.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { Transport } from './transport.ts';

const APPLY = 'application/apply-patch+yaml'; // JSON is YAML
const MERGE = 'application/merge-patch+json';
const PAGE = 500;

interface Page<T> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly continue?: string };
  readonly items: T[];
}

/** Calls over this transport; creates, updates and patches are recorded under `fieldManager`. */
export function createClient(transport: Transport, fieldManager = 'cortex-operator'): KubeClient {
  const query = { fieldManager };
  return {
    get: (type, key) => transport.call('GET', objectPath(type, key)),
    list: (type, options) => list(transport, type, options),
    create: (type, object) =>
      transport.call('POST', collectionPath(type, namespaceOf(type, object)), { query, body: object }),
    update: (type, object) => transport.call('PUT', objectPath(type, keyOf(object)), { query, body: object }),
    updateStatus: (type, object) =>
      transport.call('PUT', objectPath(type, keyOf(object), 'status'), { query, body: object }),
    patch: (type, key, patch, subresource) =>
      transport.call('PATCH', objectPath(type, key, subresource), { query, body: patch, contentType: MERGE }),
    apply: (type, object, manager, subresource) =>
      transport.call('PATCH', objectPath(type, keyOfDraft(object), subresource), {
        query: { fieldManager: manager, force: true },
        body: object,
        contentType: APPLY,
      }),
    delete: async (type, key, options = {}) => {
      await transport.call('DELETE', objectPath(type, key), { body: deleteBody(options) });
    },
    evict: async (pod) => {
      await transport.call('POST', `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/eviction`, {
        body: eviction(pod),
      });
    },
  };
}

/** A page token that expired between two pages means starting over, once. */
async function list<T extends KubeObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: ListOptions = {},
): Promise<T[]> {
  try {
    return await listPages(transport, type, options);
  } catch (error) {
    if (!isGone(error)) throw error;
    return await listPages(transport, type, options);
  }
}

async function listPages<T extends KubeObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: ListOptions,
): Promise<T[]> {
  const { namespace, labelSelector, fieldSelector, signal } = options;
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page: Page<T> = await transport.call('GET', collectionPath(type, namespace), {
      query: { limit: PAGE, continue: next, labelSelector, fieldSelector },
      ...(signal === undefined ? {} : { signal }),
    });
    for (const item of page.items) items.push({ ...item, apiVersion: page.apiVersion, kind: type.kind });
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
  return items;
}

const namespaceOf = <T extends KubeObject>(type: ResourceType<T>, object: Draft<T>): string | undefined =>
  type.namespaced ? (object.metadata.namespace ?? missing('namespace', type.kind)) : undefined;

const keyOfDraft = <T extends KubeObject>({ metadata, kind }: Draft<T>): string =>
  keyOf({ metadata: { ...metadata, name: metadata.name ?? missing('name', kind) } });

const missing = (field: string, kind: string): never => {
  throw new TypeError(`metadata.${field} of a ${kind} must be set`);
};

const deleteBody = ({ uid, resourceVersion, ...options }: DeleteOptions): unknown => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  ...options,
  ...(uid === undefined && resourceVersion === undefined ? {} : { preconditions: { uid, resourceVersion } }),
});

const eviction = (pod: { namespace: string; name: string; uid: string }): unknown => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name: pod.name, namespace: pod.namespace },
  deleteOptions: { preconditions: { uid: pod.uid } },
});
