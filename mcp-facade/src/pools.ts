import type { WorkerPool } from '@cortex/crds';
import type { Call } from './call.ts';
import { Failure } from './failures.ts';
import { live } from './ids.ts';
import { meant } from './near.ts';

/** The pool that serves a request: the named one as the API server has it now, else the default one. Throws what the operator would say. */
export async function findPool(name: string | undefined, call: Call): Promise<WorkerPool> {
  const named = name === undefined ? undefined : await live(call, 'pools', name);
  return poolFor(name, named === undefined ? await call.cluster.list('pools') : [named]);
}

function poolFor(name: string | undefined, pools: readonly WorkerPool[]): WorkerPool {
  const pool = name === undefined ? defaultOf(pools) : pools.find(({ metadata }) => metadata.name === name);
  const names = pools.map(({ metadata }) => metadata.name).toSorted();
  if (pool === undefined)
    throw new Failure(
      name === undefined ? 'invalid' : 'not_found',
      name === undefined ? 'No WorkerPool is the default: name one in pool' : `WorkerPool ${name} not found`,
      {
        nextStep:
          names.length === 0 ? 'Ask whoever runs the cluster for a WorkerPool.' : `Use one of: ${names.join(', ')}.`,
        data: name === undefined ? {} : meant(name, names),
      },
    );
  if (pool.spec.class === 'Permanent' || pool.metadata.deletionTimestamp !== undefined)
    throw new Failure('invalid', `WorkerPool ${pool.metadata.name} makes no workers`, {
      nextStep: 'Use another pool; get_capacity lists them.',
    });
  return pool;
}

/** Of two the older. */
const defaultOf = (pools: readonly WorkerPool[]): WorkerPool | undefined =>
  pools
    .filter(({ spec, metadata }) => spec.default && metadata.deletionTimestamp === undefined)
    .toSorted((a, b) =>
      [a.metadata.creationTimestamp, a.metadata.uid].join() < [b.metadata.creationTimestamp, b.metadata.uid].join()
        ? -1
        : 1,
    )[0];

/** A size of the pool; unset: its default size. */
export function sizeOf(pool: WorkerPool, wanted: string | undefined): WorkerPool['spec']['sizes'][number] {
  const name = wanted ?? pool.spec.defaultSize;
  const size = pool.spec.sizes.find((each) => each.name === name);
  if (size !== undefined) return size;
  const names = pool.spec.sizes.map((each) => each.name);
  throw new Failure('invalid', `Invalid size. Must be one of: [${names.join(', ')}]`, {
    nextStep: `Use a size of WorkerPool ${pool.metadata.name}, or none for its default.`,
  });
}

/** Throws in the operator's words when the pool has published fewer free slots than this; the operator looks again. */
export function requireSlots(pool: WorkerPool, count: number): void {
  const available = pool.status?.capacity?.available?.workers;
  if (available === undefined || available >= count) return;
  throw new Failure('capacity_exhausted', `Insufficient workers: requested ${count}, available ${available}`, {
    nextStep: 'Ask for fewer workers, name another pool, or wait in the queue with when_insufficient: queue.',
    data: { status: 'failed', pool: pool.metadata.name, available_workers: available },
  });
}
