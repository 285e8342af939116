import { describe, expect, onTestFinished, test } from 'vitest';
import type { KubeClient } from '../../kube/client.ts';
import { type Lease, Leases, type Node, Nodes } from '../../kube/core.ts';
import { isNotFound, KubeError } from '../../kube/errors.ts';
import { openEdge, ownNamespace } from '../../testing/edge.ts';
import type { Machine } from '../contract/harness.ts';
import { type NodeHarness, nodes, type SeenNode } from '../contract/nodes.ts';
import { contract } from '../contract.ts';
import type { ErrorClass } from '../errors.ts';
import { Faults } from '../faults.ts';
import type { VmRequest } from '../provider.ts';
import { KwokProvider } from './kwok.ts';
import { bornNode } from './node.ts';
import { newRecord } from './record.ts';

const BOOT_MS = 1_000;

/** The client with faults around each of its calls. */
function shaken(client: KubeClient, faults: Faults): KubeClient {
  return {
    ...client,
    get: (type, key) => faults.around('read', () => client.get(type, key)),
    list: (type, options) => faults.around('read', () => client.list(type, options)),
    create: (type, object) => faults.around('change', () => client.create(type, object)),
    patch: (type, key, patch) => faults.around('change', () => client.patch(type, key, patch)),
    delete: (type, key, options) => faults.around('change', () => client.delete(type, key, options)),
  };
}

const refusal = (status: number, reason: string): KubeError =>
  new KubeError('scripted', { status, reason, message: 'no' });

const REFUSALS: readonly (readonly [KubeError, ErrorClass])[] = [
  [refusal(0, 'Unreachable'), 'Transient'],
  [refusal(401, 'Unauthorized'), 'Unauthorized'],
  [refusal(403, 'Forbidden'), 'Unauthorized'],
  [refusal(429, 'TooManyRequests'), 'Throttled'],
  [refusal(503, 'ServiceUnavailable'), 'Transient'],
];

/** A namespace and a cluster id of its own, on the shared API server. */
async function harness(): Promise<NodeHarness> {
  const { client } = await openEdge();
  const namespace = await ownNamespace(client);
  const faults = new Faults();
  const names: string[] = [];
  onTestFinished(async () => void (await Promise.all(names.map((name) => deleteNode(client, name)))));
  let now = Date.now();
  const provider = (skewMs = 0): KwokProvider =>
    new KwokProvider({ client: shaken(client, faults), namespace, now: () => new Date(now + skewMs) });
  const request = (): VmRequest => {
    names.push(`${namespace}-${names.length}`);
    return requestOf(namespace, names.at(-1) ?? '');
  };
  const keyOf = (id: string): string => `${namespace}/${id}`;
  return {
    provider: provider(),
    restarted: provider,
    faults,
    lost: refusal(0, 'Unreachable'),
    refusals: REFUSALS,
    clusterId: namespace,
    request,
    now: () => new Date(now),
    pass: (ms) => void (now += ms),
    world: {
      machines: async () => (await client.list(Leases, { namespace })).map(asMachine),
      plant: async (owner, id = `kwok-${owner.workerUid}`) => {
        const draft = newRecord(namespace, id, { ...requestOf(namespace, owner.name), ...owner }, new Date(now));
        return asMachine(await client.create(Leases, draft));
      },
      switchOff: async (id) => {
        await client.patch(Leases, keyOf(id), { metadata: { annotations: { 'cortex.automation/vm-power': 'off' } } });
      },
      destroy: async (id) => await client.delete(Leases, keyOf(id)),
    },
    nodes: {
      find: async (name) => {
        const node = await client.get(Nodes, name).catch(gone);
        return node && seen(node);
      },
      plant: async (name, systemUUID) => {
        const draft = bornNode({ ...requestOf(namespace, name), workerUid: systemUUID }, { providerID: 'other://1' });
        return seen(await client.create(Nodes, draft));
      },
      delete: async (name) => await client.delete(Nodes, name),
    },
  };
}

const requestOf = (clusterId: string, name: string): VmRequest => ({
  clusterId,
  workerUid: crypto.randomUUID(),
  name,
  pool: 'burst',
  size: { cpu: '4', memory: '8Gi', disk: '100Gi' },
  labels: { team: 'a' },
  annotations: { note: 'b' },
  taints: [{ key: 'cortex.automation/job', value: 'c', effect: 'NoSchedule' }],
  bootDelayMs: BOOT_MS,
});

const asMachine = ({ metadata, spec }: Lease): Machine => ({
  id: metadata.name,
  clusterId: metadata.annotations?.['cortex.automation/vm-cluster'] ?? '',
  workerUid: metadata.annotations?.['cortex.automation/vm-worker'] ?? '',
  text: JSON.stringify([metadata.uid, metadata.resourceVersion, metadata.labels, metadata.annotations, spec]),
});

const seen = ({ metadata, spec, status }: Node): SeenNode => ({
  uid: metadata.uid,
  systemUUID: status?.nodeInfo?.systemUUID ?? '',
  providerID: spec.providerID ?? '',
  labels: metadata.labels ?? {},
  annotations: metadata.annotations ?? {},
  taints: spec.taints ?? [],
  capacity: status?.capacity ?? {},
});

const gone = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};

const deleteNode = async (client: KubeClient, name: string): Promise<void> =>
  await client.delete(Nodes, name).catch(gone);

describe('what every provider promises', () => {
  test.for(contract)('$title', async (promise) => {
    await expect(promise.run(await harness())).resolves.toBeUndefined();
  });
});

describe('what providers that make the Node promise', () => {
  test.for(nodes)('$title', async (promise) => {
    await expect(promise.run(await harness())).resolves.toBeUndefined();
  });
});
