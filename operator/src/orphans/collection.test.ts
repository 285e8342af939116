import { describe, expect, test } from 'vitest';
import { type Node, Nodes } from '../kube/core.ts';
import { ProviderError } from '../providers/errors.ts';
import type { MemoryMachine } from '../providers/memory/cloud.ts';
import { OrphanScene, plantForeigners } from '../testing/orphan-scene.ts';
import { Chance } from '../testing/random.ts';
import { aNode } from '../testing/workers.ts';
import type { Mode } from './decide.ts';

test('S6: report-only tells and touches nothing; with Remove the same machine goes, and the claimed one stays', async () => {
  for (const [mode, left] of [['Report', ['claimed-1', 'lost']] as const, ['Remove', ['claimed-1']] as const]) {
    const scene = new OrphanScene(mode);
    scene.plant('lost');
    await scene.look();
    await scene.pass(14);
    expect([scene.names, scene.leaks.counts()]).toEqual([
      ['claimed-1', 'lost'],
      [{ pool: 'burst', provider: 'Kwok', leaks: 0 }],
    ]);

    await scene.pass(1);
    expect(scene.leaks.of('burst')).toHaveLength(1);
    await scene.pass(5);
    expect(scene.names).toEqual(left);
    expect(scene.leaks.of('burst')).toHaveLength(mode === 'Report' ? 1 : 0);
  }
});

test('S6: a machine of another cluster, or of a token that nobody can read, is never collected', async () => {
  const scene = new OrphanScene('Remove');
  const foreigners = plantForeigners(scene);
  await scene.pass(120);

  expect(scene.names).toEqual([...foreigners, 'claimed-1']);
  expect([...scene.ended]).toEqual([]);
});

test('S6: a machine that changed hands after it was listed is refused by its provider', async () => {
  const scene = new OrphanScene('Remove');
  scene.plant('lost');
  await scene.pass(15);
  const lost = [...scene.cloud.machines.values()].find(({ name }) => name === 'lost') as MemoryMachine;
  scene.cloud.faults.plan('read', 'after', () =>
    scene.cloud.plant({ ...lost, clusterId: 'elsewhere', name: 'theirs' }, lost.id),
  );
  await scene.pass(30);

  expect(scene.names).toEqual(['claimed-1', 'theirs']);
  expect([...scene.ended]).toEqual([]);
});

test('S6: while the API server does not answer, or answers in part, nothing goes', async () => {
  const scene = new OrphanScene('Remove');
  for (let n = 0; n < 4; n++) scene.claimed();
  scene.plant('lost');
  await scene.pass(14);
  scene.silent = true;
  await scene.pass(30);

  expect(scene.names).toContain('lost');
  expect(scene.leaks.of('burst')?.map(({ held }) => held)).toEqual([
    'the API server could not be asked for BurstWorkers',
  ]);
});

test('S8: while the operator cannot trust what it sees nothing goes; what was begun goes on afterwards', async () => {
  const scene = new OrphanScene('Remove');
  scene.plant('lost');
  await scene.pass(14);
  scene.frozen = 'the copy of nodes does not follow';
  await scene.pass(10);
  expect([...scene.ended]).toEqual([]);
  expect(scene.leaks.of('burst')?.[0]?.held).toBe('the copy of nodes does not follow');

  scene.frozen = undefined;
  await scene.pass(1);
  expect([...scene.ended]).toEqual(['lost']);
  scene.frozen = 'again';
  await scene.pass(10);
  expect(scene.names).toContain('lost');

  scene.frozen = undefined;
  await scene.pass(5);
  expect(scene.names).toEqual(['claimed-1']);
});

test('S9: more than three at once are not collected', async () => {
  const scene = new OrphanScene('Remove');
  for (const name of ['a', 'b', 'c', 'd']) scene.plant(name);
  await scene.pass(60);

  expect(scene.names).toEqual(['a', 'b', 'c', 'claimed-1', 'd']);
  expect(scene.leaks.of('burst')?.[0]?.held).toContain(
    'more than 3 of 4 in WorkerPool burst would go within 10 minutes',
  );
});

/** A Node that was a worker's, and whose kubelet is silent. */
const stray = (scene: OrphanScene): Node => {
  const labels = { 'cortex.automation/pool': 'burst', 'cortex.automation/worker': 'burst-1' };
  const { metadata, ...node } = aNode({ ready: false, metadata: { labels } });
  const made = scene.server.create(Nodes, { ...node, metadata: { ...metadata, uid: undefined } });
  return made as unknown as Node;
};

describe('S7: a Node that nobody claims', () => {
  test.for<[Mode, number]>([
    ['Report', 1],
    ['Remove', 0],
  ])('%s', async ([mode, left]) => {
    const scene = new OrphanScene(mode);
    scene.learnNode(stray(scene));
    await scene.pass(12);

    expect(scene.server.peek(Nodes)).toHaveLength(left);
  });

  test('one that answers again when it is asked for once more is kept', async () => {
    const scene = new OrphanScene('Remove');
    const node = stray(scene);
    scene.learnNode(node);
    scene.server.updateStatus(Nodes, {
      ...node,
      status: { ...node.status, conditions: [{ type: 'Ready', status: 'True' }] },
    });
    await scene.pass(12);

    expect(scene.server.peek(Nodes)).toHaveLength(1);
  });
});

describe('S6: chance', () => {
  test.for(Array.from({ length: 30 }, (_, i) => i + 1))(
    'history %i ends no machine but the lost ones, and all of those',
    async (seed) => {
      const chance = new Chance(seed);
      const scene = new OrphanScene('Remove');
      const lost: string[] = [];
      const kept = ['claimed-1'];
      const deeds = [
        () => void kept.push(scene.claimed()),
        () => void kept.push(...plantForeigners(scene)),
        () => {
          if (lost.length === 3) return; // more would open the breaker
          lost.push(`lost-${lost.length}`);
          scene.plant(lost.at(-1) ?? '');
        },
        () =>
          scene.cloud.faults.plan(
            chance.of(['read', 'change']),
            chance.of(['before', 'after']),
            FAILS,
            chance.below(3),
          ),
      ];
      for (let step = 0; step < 40; step++) {
        chance.of(deeds)();
        await scene.pass(chance.below(6));
      }
      scene.cloud.faults.clear();
      await scene.pass(40);

      expect([...scene.ended].filter((name) => !lost.includes(name))).toEqual([]);
      expect(scene.names).toEqual(kept.toSorted());
    },
  );
});

const FAILS = new ProviderError('Transient', 'Lost', 'the answer was lost');
