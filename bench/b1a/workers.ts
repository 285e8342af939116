import { API_VERSION, type BurstWorker, BurstWorkers, type WorkerPool, WorkerPools } from '@cortex/crds';
import type { Draft } from '@cortex/operator/kube/object';
import { IN_FLIGHT } from '../harness/ceiling.ts';
import { inFlight } from '../harness/in-flight.ts';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

const POOL = 'burst';
const LONGEST_MS = 600_000;

/** A default pool with room for all, and as many Ready workers that anybody may claim. */
export async function raiseWorkers({ cluster }: Rig, n: number): Promise<void> {
  await cluster.client.create(WorkerPools, pool(n));
  const workers = await cluster.follow<BurstWorker>(BurstWorkers);
  const ready = new Tally('workers are Ready', workers, (worker) => worker?.status?.phase === 'Ready');
  await Promise.all([
    inFlight(n, IN_FLIGHT, (i) => cluster.client.create(BurstWorkers, worker(i))),
    ready.reaches(n, LONGEST_MS),
  ]);
}

const pool = (workers: number) =>
  ({
    apiVersion: API_VERSION,
    kind: 'WorkerPool',
    metadata: { name: POOL },
    spec: {
      class: 'Burst',
      default: true,
      provider: { type: 'Kwok' },
      limits: { workers },
      provisioning: { maxInFlight: 100 },
    },
  }) as Draft<WorkerPool>;

const worker = (i: number) =>
  ({
    apiVersion: API_VERSION,
    kind: 'BurstWorker',
    metadata: { name: `${POOL}-warm-${i}` },
    spec: { pool: POOL, size: 'medium', ttl: '24h', claimable: true },
  }) as Draft<BurstWorker>;
