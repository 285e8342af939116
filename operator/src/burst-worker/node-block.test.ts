import { BurstWorkerStatus } from '@cortex/crds';
import { expect, test } from 'vitest';
import { aNode } from '../testing/workers.ts';
import { nodeBlock } from './node-block.ts';

const many = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, value]));

test('D19: what a Node carries is cut to what the schema holds, and sorted', () => {
  const node = aNode({ metadata: { labels: many(100), annotations: { ...many(50), long: 'x'.repeat(257) } } });
  const block = nodeBlock(node);

  expect(BurstWorkerStatus.parse({ node: block }).node).toEqual(block);
  expect(Object.keys(block.labels ?? {})).toHaveLength(64);
  expect(Object.keys(block.annotations ?? {})).toHaveLength(32);
  expect(block.annotations).not.toHaveProperty('long');
  expect(Object.keys(block.labels ?? {})).toEqual(Object.keys(block.labels ?? {}).toSorted());
});

const beat = (lastHeartbeatTime: string) => {
  const node = aNode();
  return { ...node, status: { ...node.status, conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime }] } };
};

test('B5: two heartbeats look the same', () => {
  expect(nodeBlock(beat('10:00'))).toEqual(nodeBlock(beat('10:05')));
});

test('B5: a Node looks the same when the cluster has grown past a size', () => {
  const cached = aNode({
    metadata: { annotations: { ...aNode().metadata.annotations, 'node.alpha.kubernetes.io/ttl': '15' } },
  });

  expect(nodeBlock(cached)).toEqual(nodeBlock(aNode()));
});
