import { expect, test } from 'vitest';
import { history } from '../testing/histories/history.ts';

/** `HISTORIES=100000 npx vitest run --project pure histories` for the whole of it. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 150);

test.for<[string, number]>([
  ['D2: a late attempt keeps its machine whose worker joined meanwhile, in a write whose answer was lost', 4150],
  ['D8: a pod that the API server alone shows is not evicted from a Node that joined anew under the name', 5789],
  ['D5: a machine does not go for a drain under a cordon that was taken away', 8767],
  ['D5: nor where a NodeDrain put another cordon on its Node', 40527],
  ['S2: nor does one that joined unseen as a Node that was there before, and was renamed and kept', 87222],
])('%s (seed %i)', async ([, seed]) => {
  expect((await history(seed)).wrongs).toEqual([]);
});

test('S1, S2, D2: in no history is anything destroyed that is not ours, or not over', {
  timeout: 3_600_000,
}, async () => {
  const sum = { machines: 0, nodes: 0, pods: 0 };
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const { wrongs, told, destroyed } = await history(seed);
    expect(wrongs, `seed ${seed}:\n${told.join('\n')}`).toEqual([]);
    for (const what of ['machines', 'nodes', 'pods'] as const) sum[what] += destroyed[what];
  }
  expect(Math.min(sum.machines, sum.nodes, sum.pods)).toBeGreaterThan(0);
});
