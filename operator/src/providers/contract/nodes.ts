import assert from 'node:assert/strict';
import type { VmRequest } from '../provider.ts';
import { patient, planned, raise, refused, running } from './drive.ts';
import type { Case, Harness } from './harness.ts';

/** A Node as the cluster has it; the status as its kubelet reports it. */
export interface SeenNode {
  readonly systemUUID: string;
  readonly providerID: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly capacity: Readonly<Record<string, string>>;
  readonly uid: string;
}

/** A provider that makes the Node as well, and a cluster to make it in. */
export interface NodeHarness extends Harness {
  readonly nodes: {
    find(name: string): Promise<SeenNode | undefined>;
    /** Another machine's Node of this name. */
    plant(name: string, systemUUID: string): Promise<SeenNode>;
    delete(name: string): Promise<void>;
  };
}

async function nodeOf({ nodes }: NodeHarness, { name }: VmRequest): Promise<SeenNode> {
  const node = await nodes.find(name);
  assert.ok(node, `Node ${name} has not joined`);
  return node;
}

export const nodes: readonly Case<NodeHarness>[] = [
  {
    title: '2: the Node has the size, the labels, the annotations and the taints that were asked for',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const node = await nodeOf(harness, request);

      assert.deepEqual([node.capacity['cpu'], node.capacity['memory']], [request.size.cpu, request.size.memory]);
      assert.equal(node.capacity['ephemeral-storage'], request.size.disk);
      assert.equal(node.providerID, checkpoint.providerID);
      for (const [key, value] of Object.entries(request.labels)) assert.equal(node.labels[key], value);
      for (const [key, value] of Object.entries(request.annotations)) assert.equal(node.annotations[key], value);
      for (const { key, value, effect } of request.taints)
        assert.ok(node.taints.some((taint) => taint.key === key && taint.value === value && taint.effect === effect));
    },
  },
  {
    title: '2: no Node joins before its machine has booted',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      await harness.provider.ensure(request, checkpoint, patient());
      const { done } = await harness.provider.ensure(request, checkpoint, patient());

      assert.deepEqual([done, await harness.nodes.find(request.name)], [false, undefined]);
    },
  },
  {
    title: '26: the Node is linked to its worker by its systemUUID',
    async run(harness) {
      const { request, checkpoint } = await running(harness);

      assert.equal((await nodeOf(harness, request)).systemUUID, request.workerUid);
      assert.equal(checkpoint.uuid, request.workerUid);
    },
  },
  {
    title: '27: a Node with our name on another machine is Foreign, and stays as it was',
    async run(harness) {
      const { request, checkpoint } = await planned(harness);
      const theirs = await harness.nodes.plant(request.name, crypto.randomUUID());
      await refused(raise(harness, request, checkpoint), 'Foreign');
      await harness.provider.remove(request, checkpoint, patient());

      const { uid, systemUUID, providerID } = await nodeOf(harness, request);
      assert.deepEqual([uid, systemUUID, providerID], [theirs.uid, theirs.systemUUID, theirs.providerID]);
    },
  },
  {
    title: 'S11: a Node that somebody deleted joins again while its machine runs',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const before = await nodeOf(harness, request);
      await harness.nodes.delete(request.name);
      await raise(harness, request, checkpoint);

      assert.notEqual((await nodeOf(harness, request)).uid, before.uid);
    },
  },
  {
    title: 'D3: removing the machine leaves its Node to the operator',
    async run(harness) {
      const { request, checkpoint } = await running(harness);
      const before = await nodeOf(harness, request);
      await harness.provider.remove(request, checkpoint, patient());

      assert.equal((await nodeOf(harness, request)).uid, before.uid);
    },
  },
];
