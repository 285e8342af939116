import { live } from '@cortex/e2e/budget/ledger';
import type { Lifecycle } from '@cortex/e2e/budget/lifecycle';
import { LIFECYCLES, REST } from '@cortex/e2e/budget/lifecycles';
import { total, type Writes } from '@cortex/e2e/budget/writes';
import { beginWithServers, type ServerStory } from '@cortex/e2e/system/servers';
import { atMost } from './harness/anchors.ts';
import type { Benchmark, Measured } from './harness/measured.ts';

/** Counts do not vary with the machine: one run says it all. */
export const b5: Benchmark = {
  id: 'B5',
  title: "the operator's writes in each life, from the API server's audit log",
  async run({ fsync }, tell) {
    const world = await beginWithServers({ auditPolicy: true, fsync });
    try {
      const lives = await Promise.all(LIFECYCLES.map((life) => figuresOf(world, life)));
      for (const measured of [...lives.flat(), ...(await figuresOf(world, REST))]) tell(measured);
    } finally {
      await world.story.end();
    }
  },
};

async function figuresOf(world: ServerStory, life: Lifecycle): Promise<Measured[]> {
  const written = await live(world, life);
  return written.map(([row, writes], i) => figure(`B5-${life.name}`, row, writes, life.steps[i]?.budget ?? {}));
}

const figure = (id: string, row: string, writes: Writes, budget: Writes): Measured => ({
  id,
  what: row,
  unit: 'writes',
  values: [total(writes)],
  anchor: { target: atMost(total(budget), 'writes') },
  detail: { writes, budget },
});
