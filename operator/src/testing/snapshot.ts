import type { Allocation, BurstWorker } from '@cortex/crds';
import type { Snapshot } from '../plugin/cluster.ts';
import type { Page } from '../plugin/page.ts';
import { plain, print } from '../plugin/print.ts';
import { allocation, at, pool, reserving, running, says, worker } from './world.ts';

/** A cluster at half past ten, empty but for what is said. */
export const seen = (more: Partial<Snapshot> = {}): Snapshot => ({
  allocations: [],
  workers: [],
  pools: [],
  drains: [],
  servers: [],
  wishes: [],
  namespaces: [],
  pods: [],
  lease: undefined,
  now: at('10:30:00'),
  ...more,
});

/** What people read, line by line. */
export const shown = (page: Page): string[] => print(page, plain).trimEnd().split('\n');

/** A pool of at most four workers, where the higher may take the place of the lower. */
export const small = pool('burst', { limits: { workers: 4 }, preemption: { policy: 'LowerPriority' } });

/** An Allocation that holds running workers since ten. */
export function holding(name: string, count: number, priority: string): { held: Allocation; workers: BurstWorker[] } {
  const names = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  const ready = says(
    reserving(allocation(name, { count, size: 'small', priority }), names),
    'Ready',
    true,
    'Ready',
    'Everything asked for is ready',
  );
  const held: Allocation = {
    ...ready,
    status: {
      ...ready.status,
      phase: 'Active',
      readyAt: '2030-01-01T10:00:00Z',
      expiresAt: '2030-01-01T11:00:00Z',
      workersReady: `${count}/${count}`,
    },
  };
  return { held, workers: names.map((each) => running(worker(each, { claimedBy: held }))) };
}
