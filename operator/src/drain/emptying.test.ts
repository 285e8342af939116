import { expect, test } from 'vitest';
import { kindsOver } from '../follow.ts';
import { Nodes, Pods } from '../kube/core.ts';
import { Waiting } from '../runtime/outcome.ts';
import { aPod } from '../testing/pods.ts';
import { MemoryApiServer } from '../testing/simulation/api-server.ts';
import { LineTo } from '../testing/simulation/line-to.ts';
import { aNode, at, cordoned } from '../testing/workers.ts';
import { NodeEmptying } from './emptying.ts';
import { rulesOfPool } from './rules.ts';

test('D5, D8: a pod that the API server alone shows is not evicted from a Node that joined anew under the name', async () => {
  const server = new MemoryApiServer();
  const { client } = new LineTo(server);
  const kinds = kindsOver(client);
  const seen = { ...cordoned(aNode()), kind: 'Node' as const };
  kinds.nodes.store.learn(seen);
  kinds.nodes.store.advance(seen.metadata.resourceVersion);
  for (let i = 0; i < 10; i++) server.create(Nodes, { ...aNode(), metadata: { name: `other-${i}` } });
  server.create(Nodes, { ...aNode(), metadata: { name: 'burst-1' } });
  server.create(Pods, aPod());
  const emptying = new NodeEmptying(kinds, client, () => at('10:05:00'));

  const plan = emptying.plan({ node: seen, rules: rulesOfPool(undefined), deadline: undefined, machine: undefined });
  await expect(plan).rejects.toThrow(Waiting);
});
