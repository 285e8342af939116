import { expect, test, vi } from 'vitest';
import { history } from '../testing/histories/history.ts';
import { MUTANTS } from '../testing/histories/mutants.ts';
import type { Mutation } from '../testing/histories/world.ts';

const AT_MOST = 3_000;
const SLOW = 300_000;

/** The first history that tells the broken build from the true one. */
async function caught(mutation: Mutation): Promise<{ seed: number; wrong: string } | undefined> {
  for (let seed = 1; seed <= AT_MOST; seed++) {
    const { wrongs } = await history(seed, mutation);
    if (wrongs[0] !== undefined) return { seed, wrong: wrongs[0] };
  }
  return undefined;
}

test.for(Object.entries(MUTANTS))('histories tell a build with: %s', { timeout: SLOW }, async ([, mutation]) => {
  await expect(caught(mutation)).resolves.toBeDefined();
});

test('histories tell a build with: no look at the machine id of a Node', { timeout: SLOW }, async () => {
  vi.resetModules();
  vi.doMock('./identity.ts', async (original) => ({
    ...(await original<typeof import('./identity.ts')>()),
    doubtAbout: () => undefined,
  }));
  const { history: broken } = await import('../testing/histories/history.ts');
  let seed = 0;
  let wrongs: readonly string[] = [];
  while (wrongs.length === 0 && seed < AT_MOST) ({ wrongs } = await broken(++seed));
  vi.doUnmock('./identity.ts');

  expect(wrongs).not.toEqual([]);
});
