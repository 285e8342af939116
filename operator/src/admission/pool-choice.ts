import type { Allocation, BurstWorker, Reason, WorkerPool } from '@cortex/crds';
import { type LabelSelector, matches } from './label-selector.ts';
import { outranks, priorityOf } from './queue.ts';

export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

export interface PoolChoice {
  readonly pool: WorkerPool;
  readonly size: WorkerPool['spec']['sizes'][number];
}

/** What there is to choose from. */
export interface Catalog {
  readonly pools: readonly WorkerPool[];
  readonly labelsOf: (namespace: string) => Record<string, string> | undefined;
  /** Why this build makes no workers with a provider of this type, if so. */
  readonly lacks: (provider: string) => string | undefined;
}

/** The pool that serves requests which name none: of two defaults the older (api.md). */
export const defaultPool = (pools: readonly WorkerPool[]): WorkerPool | undefined =>
  pools
    .filter(({ spec, metadata }) => spec.default && metadata.deletionTimestamp === undefined)
    .toSorted(
      (a, b) =>
        compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || compare(a.metadata.uid, b.metadata.uid),
    )[0];

/** Pool and size of an Allocation's workers, or why there are none for it. */
export function choiceFor(allocation: Allocation, catalog: Catalog): PoolChoice | Refusal {
  const wanted = allocation.spec.workers;
  const found = named(wanted?.pool, catalog.pools);
  if ('reason' in found) return found;
  return (
    closed(found, catalog) ??
    refusedNamespace(found, allocation.metadata.namespace ?? '', catalog) ??
    refusedPriority(found, allocation) ??
    sizeIn(found, wanted?.size)
  );
}

/** Pool and size of a BurstWorker that a person made, or why there are none for it. */
export function choiceForWorker(worker: BurstWorker, catalog: Catalog): PoolChoice | Refusal {
  const found = named(worker.spec.pool, catalog.pools);
  if ('reason' in found) return found;
  return closed(found, catalog) ?? sizeIn(found, worker.spec.size);
}

function named(name: string | undefined, pools: readonly WorkerPool[]): WorkerPool | Refusal {
  const pool = name === undefined ? defaultPool(pools) : pools.find(({ metadata }) => metadata.name === name);
  if (pool !== undefined) return pool;
  return {
    reason: 'PoolNotFound',
    message:
      name === undefined
        ? `No WorkerPool has spec.default: true; name one in spec.workers.pool. ${known(pools)}`
        : `WorkerPool ${name} does not exist. ${known(pools)}`,
  };
}

const known = (pools: readonly WorkerPool[]): string =>
  pools.length === 0
    ? 'There is no WorkerPool yet'
    : `There are: ${pools
        .map(({ metadata }) => metadata.name)
        .toSorted()
        .join(', ')}`;

function closed(pool: WorkerPool, { lacks }: Catalog): Refusal | undefined {
  const { name } = pool.metadata;
  if (pool.metadata.deletionTimestamp !== undefined)
    return { reason: 'InvalidPool', message: `WorkerPool ${name} is being deleted and admits nothing` };
  if (pool.spec.class === 'Permanent')
    return {
      reason: 'InvalidPool',
      message: `WorkerPool ${name} is of class Permanent: it counts Nodes and makes no workers`,
    };
  const lacking = pool.spec.provider && lacks(pool.spec.provider.type);
  return lacking === undefined ? undefined : { reason: 'ProviderNotBuilt', message: `WorkerPool ${name}: ${lacking}` };
}

function refusedNamespace(pool: WorkerPool, namespace: string, { labelsOf }: Catalog): Refusal | undefined {
  const selector: LabelSelector = pool.spec.namespaceSelector ?? {};
  if (matches(selector, labelsOf(namespace) ?? {})) return undefined;
  return {
    reason: 'InvalidPool',
    message: `WorkerPool ${pool.metadata.name} does not admit namespace ${namespace}: its labels do not match spec.namespaceSelector`,
  };
}

function refusedPriority(pool: WorkerPool, allocation: Allocation): Refusal | undefined {
  const priority = priorityOf(allocation);
  if (!outranks(priority, pool.spec.maxPriority)) return undefined;
  return {
    reason: 'InvalidPool',
    message: `WorkerPool ${pool.metadata.name} honours priorities up to ${pool.spec.maxPriority}, not ${priority}`,
  };
}

function sizeIn(pool: WorkerPool, wanted: string | undefined): PoolChoice | Refusal {
  const name = wanted ?? pool.spec.defaultSize;
  const size = pool.spec.sizes.find((each) => each.name === name);
  if (size !== undefined) return { pool, size };
  const names = pool.spec.sizes.map((each) => each.name).join(', ');
  return { reason: 'InvalidSize', message: `WorkerPool ${pool.metadata.name} has no size ${name}. It has: ${names}` };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
