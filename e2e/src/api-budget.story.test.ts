import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { live } from './budget/ledger.ts';
import type { Lifecycle } from './budget/lifecycle.ts';
import { LIFECYCLES, REST } from './budget/lifecycles.ts';
import { beginWithServers, type ServerStory } from './system/servers.ts';

let world: ServerStory;

beforeAll(async () => {
  world = await beginWithServers({ auditPolicy: true });
});
afterAll(() => world.story.end());

/** Row by row, so that a difference names its row. */
const budgetOf = ({ steps }: Lifecycle) => steps.map(({ row, budget }) => [row, budget]);

describe.concurrent('B5: the operator writes what its budget says, no more and no less', () => {
  test.for(LIFECYCLES)('$name', async (life) => {
    expect(await live(world, life)).toEqual(budgetOf(life));
  });
});

test('B5: an operator that starts again over objects at rest writes nothing', async () => {
  expect(await live(world, REST)).toEqual(budgetOf(REST));
});
