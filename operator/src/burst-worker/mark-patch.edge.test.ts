import { expect, onTestFinished, test } from 'vitest';
import { type Node, Nodes } from '../kube/core.ts';
import { bornNode } from '../providers/kwok/node.ts';
import { openEdge } from '../testing/edge.ts';
import { aPool, aWorker, checkpoint, seenOf, UID } from '../testing/workers.ts';
import { markPatch } from './mark-patch.ts';
import { birthLabels, birthTaints } from './marks.ts';

const seen = seenOf({ worker: aWorker(), pool: aPool() });

/** The Node of a worker that has just joined, as it was seen; nobody plays its kubelet. */
async function joined() {
  const { client } = await openEdge();
  const name = `marked-${crypto.randomUUID().slice(0, 8)}`;
  const born = bornNode(
    {
      clusterId: 'here',
      workerUid: UID,
      name,
      pool: 'burst',
      size: { cpu: '4', memory: '8Gi' },
      labels: birthLabels(seen),
      annotations: {},
      taints: birthTaints(seen),
      bootDelayMs: 0,
    },
    checkpoint,
  );
  const create = async () =>
    await client.create<Node>(Nodes, {
      ...born,
      metadata: { ...born.metadata, annotations: { 'kwok.x-k8s.io/node': 'nobody' } },
    });
  const node = await create();
  onTestFinished(async () => await client.delete(Nodes, name));
  return { client, name, node, create };
}

test('the first marks of a Node meet no conflict with what its kubelet and controllers write meanwhile', async () => {
  const { client, name, node } = await joined();
  await client.patch(Nodes, name, { metadata: { annotations: { heartbeat: '2' } } });

  const marked = await client.patch(Nodes, name, markPatch(node, seen));

  expect(marked.metadata.annotations).toMatchObject({
    'cortex.automation/worker-uid': UID,
    heartbeat: '2',
  });
});

test('S1: marks never get on another Node of that name', async () => {
  const { client, name, node, create } = await joined();
  await client.delete(Nodes, name);
  const another = await create();

  await expect(client.patch(Nodes, name, markPatch(node, seen))).rejects.toThrow('metadata.uid');
  const { metadata } = await client.get(Nodes, name);
  expect(metadata.uid).toBe(another.metadata.uid);
  expect(metadata.annotations).not.toHaveProperty(['cortex.automation/worker-uid']);
});
