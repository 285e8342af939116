import {
  type Allocation,
  Allocations,
  type BurstWorker,
  BurstWorkers,
  type WorkerPool,
  WorkerPools,
} from '@cortex/crds';
import { isTrue } from '../../conditions.ts';
import type { MemoryApiServer } from './api-server.ts';

const GIB = 2 ** 30;

/**
 * Every instant at which more was reserved in a pool than its limits allow, as anybody could have read it from the API:
 * after each write everything is counted anew, in the words of contract A1 and with none of the code under test. A worker
 * that is named in a reservation is one of its live workers, also while it bears no claim yet, or another's.
 */
export function overrunsOf(server: MemoryApiServer): string[] {
  const overruns: string[] = [];
  const look = (): void => {
    const allocations = server.peek(Allocations) as unknown as Allocation[];
    const workers = server.peek(BurstWorkers) as unknown as BurstWorker[];
    for (const pool of server.peek(WorkerPools) as unknown as WorkerPool[]) {
      const used = usedOf(pool.metadata.name, workers, allocations);
      const { limits } = pool.spec;
      const over = [
        limits?.workers !== undefined && used.workers > limits.workers,
        limits?.cpu !== undefined && used.cpu > Number(limits.cpu),
        limits?.memory !== undefined && used.memory > Number(limits.memory.replace('Gi', '')) * GIB,
      ].some(Boolean);
      if (over) overruns.push(`${pool.metadata.name}@${server.version}: ${JSON.stringify(used)}`);
    }
  };
  server.watch(Allocations, look);
  server.watch(BurstWorkers, look);
  return overruns;
}

interface Sum {
  workers: number;
  cpu: number;
  memory: number;
}

function usedOf(pool: string, workers: readonly BurstWorker[], allocations: readonly Allocation[]): Sum {
  const sum: Sum = { workers: 0, cpu: 0, memory: 0 };
  const add = (n: number, size: { cpu: string; memory: string }): void => {
    sum.workers += n;
    sum.cpu += n * Number(size.cpu);
    sum.memory += n * Number(size.memory.replace('Gi', '')) * GIB;
  };
  const live = workers.filter(
    ({ spec, status }) =>
      spec.pool === pool && isTrue(status?.conditions, 'Admitted') && !isTrue(status?.conditions, 'VmGone'),
  );
  for (const worker of live) if (worker.status?.resources) add(1, worker.status.resources);
  const taken = new Set(allocations.map(({ status }) => status?.tookOver?.uid));
  for (const { metadata, status } of allocations) {
    const reserved = status?.reserved;
    const holds = isTrue(status?.conditions, 'QuotaReserved') && !isTrue(status?.conditions, 'Finished');
    if (!holds || reserved?.pool !== pool || taken.has(metadata.uid)) continue;
    const named = new Set(status?.workers?.map(({ name }) => name));
    const standing = live.filter(
      ({ spec, metadata: { name } }) => named.has(name) || spec.claimRef?.uid === metadata.uid,
    );
    const [row] = status?.workers ?? [];
    if (row?.cpu !== undefined && row.memory !== undefined)
      add(Math.max(0, reserved.workers - standing.length), { cpu: row.cpu, memory: row.memory });
  }
  return sum;
}
