import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { history } from '../testing/histories/history.ts';

/** `HISTORIES=100000 npx vitest run --project pure histories` for the whole of it. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 150);

test('S1, S2, D2: in no history is anything destroyed that is not ours, or not over', {
  timeout: 3_600_000,
}, async () => {
  const sum = { machines: 0, nodes: 0, pods: 0 };
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const { wrongs, told, destroyed } = await history(seed);
    expect(wrongs, `seed ${seed}:\n${told.join('\n')}`).toEqual([]);
    await turn(); // what was aborted is let go of only when the event loop turns: 40 KB a history
    for (const what of ['machines', 'nodes', 'pods'] as const) sum[what] += destroyed[what];
  }
  expect(Math.min(sum.machines, sum.nodes, sum.pods)).toBeGreaterThan(0);
});
