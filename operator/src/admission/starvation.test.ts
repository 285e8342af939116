import { type Allocation, Allocations } from '@cortex/crds';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isTrue } from '../conditions.ts';
import { Chance } from '../testing/random.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool } from '../testing/world.ts';

const MINUTE = 60_000;
const AGE_MS = 5 * MINUTE;
/** From the end of the last holder until its machines are gone and the next is told. */
const CLEARING_MS = MINUTE;

beforeEach(() => void vi.useFakeTimers({ now: at('00:00:00') }));
afterEach(() => void vi.useRealTimers());

const isWaiting = ({ status }: Allocation): boolean =>
  !isTrue(status?.conditions, 'QuotaReserved') && !isTrue(status?.conditions, 'Finished');

/** Watches the head of the queue: once it is old, those that hold at that moment are the last before it. */
function headWatch(simulation: Simulation): { readonly late: string[]; heads: number } {
  const watch = { late: [] as string[], heads: 0 };
  let head: { readonly name: string; servedBy: number | undefined } | undefined;
  simulation.server.watch(Allocations, () => {
    const [first] = simulation.allocations.filter(isWaiting).toSorted(byAge);
    if (first?.metadata.name !== head?.name) head = first && { name: first.metadata.name, servedBy: undefined };
    if (head === undefined || first === undefined) return;
    if (Date.now() - Date.parse(first.metadata.creationTimestamp) < AGE_MS) return;
    if (head.servedBy === undefined) watch.heads++;
    head.servedBy ??= longestEnd(simulation) + CLEARING_MS;
    if (Date.now() > head.servedBy) watch.late.push(`${head.name} at ${new Date().toISOString()}`);
  });
  return watch;
}

const longestEnd = ({ allocations }: Simulation): number =>
  Math.max(
    Date.now(),
    ...allocations
      .filter(({ status }) => isTrue(status?.conditions, 'QuotaReserved') && status?.finishedAt === undefined)
      .map(({ status }) =>
        status?.hardStopAt === undefined ? Date.now() + 5 * MINUTE : Date.parse(status.hardStopAt),
      ),
  );

const byAge = (a: Allocation, b: Allocation): number =>
  `${a.metadata.creationTimestamp} ${a.metadata.uid}` < `${b.metadata.creationTimestamp} ${b.metadata.uid}` ? -1 : 1;

test.for([1, 2])(
  'A5: under load that never ceases no head waits beyond ageAfter and the end of those that hold (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const chance = new Chance(seed);
    const simulation = new Simulation();
    const watch = headWatch(simulation);
    simulation.apply(
      pool('burst', {
        limits: { workers: 4 },
        queue: { ordering: 'BestEffort', ageAfter: '5m' },
        drain: { timeout: '1m' },
        provider: { type: 'Kwok' },
      }),
    );
    for (let i = 0; i < 150; i++) {
      simulation.apply(
        allocation(`job-${i}`, {
          count: chance.of([1, 1, 1, 2, 3, 4]),
          size: 'small',
          ttl: chance.of(['60s', '2m', '3m']),
          queueTimeout: '48h',
          ttlAfterFinished: '1m',
        }),
      );
      await simulation.pass(chance.below(90) * 1_000);
    }

    expect(watch.late).toEqual([]);
    expect(watch.heads).toBeGreaterThan(10);
  },
);
