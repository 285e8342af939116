import type { KubeObject, ResourceType } from '../kube/object.ts';

/** A made-up kind for tests that need any kind. */
export interface Thing extends KubeObject {
  kind: 'Thing';
  spec?: { size?: string };
}

export const Things: ResourceType<Thing> = {
  group: 'test.example',
  version: 'v1',
  plural: 'things',
  kind: 'Thing',
  namespaced: true,
};

/** The thing `default/<name>` at this version. */
export function thing(
  name: string,
  version: number | string,
  more: Partial<KubeObject['metadata']> & { size?: string } = {},
): Thing {
  const { size, ...metadata } = more;
  return {
    apiVersion: 'test.example/v1',
    kind: 'Thing',
    metadata: {
      namespace: 'default',
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
      resourceVersion: String(version),
    },
    ...(size === undefined ? {} : { spec: { size } }),
  };
}

/** The bookmark that ends a streamed list, or any other. */
export const bookmark = (version: number, end = false): { type: 'BOOKMARK'; object: Thing } => ({
  type: 'BOOKMARK',
  object: thing('', version, end ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
});
