import type { Cluster } from '@cortex/e2e/system/cluster';
import type { ControlPlane } from '@cortex/e2e/control-plane';
import { applyManifests } from '@cortex/e2e/control-plane';
import type { KubeObject, ResourceType } from '@cortex/operator/kube/object';
import { pause } from '@cortex/operator/kube/pause';
import { type Burst, inFlight } from './in-flight.ts';

export const IN_FLIGHT = 64;

interface Item extends KubeObject {
  kind: 'Item';
  spec: { number: number; owner: string; size: string };
  status?: { phase: string; observed: number };
}

const Items: ResourceType<Item> = {
  group: 'bench.example.com',
  version: 'v1',
  plural: 'items',
  kind: 'Item',
  namespaced: true,
};

/** What the API server and etcd take from a bare client. */
export interface Ceiling {
  readonly create: Burst;
  readonly status: Burst;
  readonly delete: Burst;
  /** Creates and status patches, and the seconds they took: what figures are held against. */
  readonly writes: number;
  readonly seconds: number;
}

const WARM_UP = 500;

/**
 * Installs the plain kind that the ceiling is measured with. Its schema has no rules, so nothing of ours is in the figure.
 * For seconds after a CRD the API server is busy with its OpenAPI document: some rounds pass before anything is measured.
 */
export async function installItems(plane: ControlPlane, cluster: Cluster): Promise<void> {
  await applyManifests(plane, JSON.stringify(DEFINITION));
  await plane.served([`/apis/${Items.group}/${Items.version}/${Items.plural}`]);
  for (let round = 0; round < 3; round++) await ceiling(cluster, WARM_UP);
}

/** Writes a second, of two measurements taken before and after a load: others' work on the machine comes and goes. */
export const writesPerSecond = (...measured: readonly Ceiling[]): number =>
  measured.reduce((sum, { writes }) => sum + writes, 0) / measured.reduce((sum, { seconds }) => sum + seconds, 0);

/** Creates, patches and deletes this many objects, 64 requests in flight, over the transport that the operator uses. */
export async function ceiling({ client }: Cluster, n: number): Promise<Ceiling> {
  const create = await inFlight(n, IN_FLIGHT, (i) => client.create(Items, item(nameOf(i), i)));
  const status = await inFlight(n, IN_FLIGHT, (i) =>
    client.patch(Items, `default/${nameOf(i)}`, { status: { phase: 'Ready', observed: i } }, 'status'),
  );
  const deleted = await inFlight(n, IN_FLIGHT, (i) => client.delete(Items, `default/${nameOf(i)}`));
  return { create, status, delete: deleted, writes: 2 * n, seconds: create.seconds + status.seconds };
}

/** Patches the status of one object again and again; `stop` ends it and tells how long each patch took, in milliseconds. */
export async function patchMeanwhile(
  { client }: Cluster,
  everyMs: number,
): Promise<{ readonly stop: () => Promise<number[]> }> {
  await client.create(Items, item('probe', 0));
  const [took, stopping]: [number[], AbortController] = [[], new AbortController()];
  const patching = (async () => {
    for (let i = 0; !stopping.signal.aborted; i++) {
      const startedAt = performance.now();
      await client.patch(Items, 'default/probe', { status: { phase: 'Ready', observed: i } }, 'status');
      took.push(performance.now() - startedAt);
      await pause(everyMs, stopping.signal);
    }
    await client.delete(Items, 'default/probe');
  })();
  return {
    stop: async () => {
      stopping.abort();
      await patching;
      return took;
    },
  };
}

const nameOf = (i: number): string => `item-${i}`;

const item = (name: string, number: number) => ({
  apiVersion: `${Items.group}/${Items.version}`,
  kind: Items.kind,
  metadata: { name, namespace: 'default', labels: { bench: 'b0' } },
  spec: { number, owner: `job-${number % 100}`, size: 'medium' },
});

const [integer, text] = [{ type: 'integer' }, { type: 'string' }];

const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${Items.plural}.${Items.group}` },
  spec: {
    group: Items.group,
    scope: 'Namespaced',
    names: { plural: Items.plural, singular: 'item', kind: Items.kind, listKind: 'ItemList' },
    versions: [
      {
        name: Items.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { number: integer, owner: text, size: text } },
              status: { type: 'object', properties: { phase: text, observed: integer } },
            },
          },
        },
      },
    ],
  },
};
