import { API_VERSION, type BurstWorker, BurstWorkers, type WorkerPool, WorkerPools } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

const LONGEST_MS = 120_000;

/**
 * Pools with so many workers each, Ready and free. Under isolation Shared a machine goes back to its pool by two writes, so
 * few machines serve many jobs: KWOK's leases for thousands of Nodes would be in every figure.
 */
export async function raisePools({ cluster }: Rig, pools: readonly string[], each: number): Promise<void> {
  for (const name of pools) await cluster.client.create(WorkerPools, pool(name, each));
  const workers = await cluster.follow<BurstWorker>(BurstWorkers);
  const ready = new Tally('workers are Ready', workers, (worker) => worker?.status?.phase === 'Ready');
  const names = pools.flatMap((of) => Array.from({ length: each }, (_, i) => [of, `${of}-${i}`] as const));
  await Promise.all([
    inFlight(names.length, IN_FLIGHT, async (i) => {
      const [of, name] = names[i] ?? ['', ''];
      return await cluster.client.create(BurstWorkers, worker(of, name));
    }),
    ready.reaches(names.length, LONGEST_MS),
  ]);
}

const pool = (name: string, workers: number) =>
  ({
    apiVersion: API_VERSION,
    kind: 'WorkerPool',
    metadata: { name },
    spec: { class: 'Burst', provider: { type: 'Kwok' }, limits: { workers }, isolation: 'Shared' },
  }) as Draft<WorkerPool>;

/** A job on one of them. */
export const onWorker = (name: string) => ({
  workers: { count: 1, pool: name },
  reclaimPolicy: 'ReturnToPool' as const,
});

const worker = (of: string, name: string) =>
  ({
    apiVersion: API_VERSION,
    kind: 'BurstWorker',
    metadata: { name },
    spec: { pool: of, size: 'medium', ttl: '24h', claimable: true },
  }) as Draft<BurstWorker>;
