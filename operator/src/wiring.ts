import type { Allocation, BurstWorker } from '@cortex/crds';
import { machineOf } from './burst-worker/identity.ts';
import type { Node } from './kube/core.ts';
import { keyOf } from './kube/object.ts';
import { INDEX, type Kinds } from './stores.ts';

/** Where changes are announced: keys only, never objects. */
export interface Queues {
  readonly allocation: (key: string) => void;
  readonly burstWorker: (key: string) => void;
  readonly workerPool: (key: string) => void;
  /** The pool was made, edited or removed: its provider is to be looked at. */
  readonly provider: (pool: string) => void;
  readonly admission: () => void;
  /** Whose machines are looked through for those nobody claims has changed. */
  readonly orphans: () => void;
}

/** Which change concerns whom. Controllers do not know each other: they meet in the API server, and here. */
export function wire(kinds: Kinds, queues: Queues): void {
  kinds.allocations.store.onChange((key, now, before) => {
    queues.allocation(key);
    queues.admission();
    for (const uid of uidsOf(now, before)) {
      for (const worker of kinds.workers.store.byIndex(INDEX.claimant, uid)) queues.burstWorker(keyOf(worker));
      for (const taker of kinds.allocations.store.byIndex(INDEX.taken, uid)) queues.allocation(keyOf(taker));
    }
    for (const predecessor of predecessorsOf(now, before)) queues.allocation(predecessor);
    for (const pool of poolsOf(kinds, now, before)) queues.workerPool(pool);
  });
  kinds.workers.store.onChange((key, now, before) => {
    queues.burstWorker(key);
    queues.admission();
    for (const claim of claimsOf(now, before)) queues.allocation(claim);
    for (const promised of kinds.allocations.store.byIndex(INDEX.promised, key)) queues.allocation(keyOf(promised));
    for (const uid of claimantsOf(now, before))
      for (const taker of kinds.allocations.store.byIndex(INDEX.taken, uid)) queues.allocation(keyOf(taker));
    for (const pool of new Set([now?.spec.pool, before?.spec.pool])) if (pool !== undefined) queues.workerPool(pool);
  });
  kinds.pools.store.onChange((key, now, before) => {
    queues.workerPool(key);
    for (const allocation of kinds.allocations.store.byIndex(INDEX.pool, key))
      if (allocation.status?.readyAt === undefined) queues.allocation(keyOf(allocation));
    if (now?.metadata.generation === before?.metadata.generation) return; // only its status: ours
    queues.provider(key);
    queues.admission();
    queues.orphans();
    for (const worker of kinds.workers.store.byIndex(INDEX.pool, key)) queues.burstWorker(keyOf(worker));
  });
  kinds.nodes.store.onChange((_key, now, before) => {
    for (const worker of workersOf(kinds, now, before)) {
      queues.burstWorker(keyOf(worker));
      for (const claim of claimsOf(worker)) queues.allocation(claim);
    }
  });
  kinds.namespaces.store.onChange(() => queues.admission());
  kinds.servers.store.onChange((key) => {
    queues.admission();
    for (const allocation of kinds.allocations.store.byIndex(INDEX.server, key)) queues.allocation(keyOf(allocation));
  });
  kinds.wishes.store.onChange((_key, now, before) => {
    for (const { metadata } of [now, before].flatMap((wish) => wish ?? []))
      for (const { kind, name } of metadata.ownerReferences ?? [])
        if (kind === 'Allocation') queues.allocation(`${metadata.namespace}/${name}`);
  });
}

/** Of an Allocation and of what it took over: the workers of both look to it. */
const uidsOf = (...versions: (Allocation | undefined)[]): Set<string> =>
  new Set(versions.flatMap((version) => [version?.metadata.uid ?? [], version?.status?.tookOver?.uid ?? []].flat()));

const predecessorsOf = (...versions: (Allocation | undefined)[]): Set<string> =>
  new Set(
    versions.flatMap((version) =>
      version?.status?.tookOver ? `${version.metadata.namespace}/${version.status.tookOver.name}` : [],
    ),
  );

const claimantsOf = (...versions: (BurstWorker | undefined)[]): Set<string> =>
  new Set(versions.flatMap((version) => version?.spec.claimRef?.uid ?? []));

function poolsOf(kinds: Kinds, ...versions: (Allocation | undefined)[]): Set<string> {
  const named = versions.flatMap((version) => version?.status?.reserved?.pool ?? version?.spec.workers?.pool ?? []);
  const defaulted = versions.some(
    (version) => version?.spec.workers !== undefined && version.spec.workers.pool === undefined,
  );
  const defaults = defaulted ? kinds.pools.store.list().filter(({ spec }) => spec.default) : [];
  return new Set([...named, ...defaults.map(({ metadata }) => metadata.name)]);
}

const claimsOf = (...versions: (BurstWorker | undefined)[]): Set<string> =>
  new Set(
    versions.flatMap((version) =>
      version?.spec.claimRef ? `${version.spec.claimRef.namespace}/${version.spec.claimRef.name}` : [],
    ),
  );

/** A Node concerns the worker whose machine it is, and one that merely has its name. */
export function workersOf(kinds: Kinds, ...versions: (Node | undefined)[]): Set<BurstWorker> {
  const nodes = versions.flatMap((node) => node ?? []);
  return new Set([
    ...nodes.flatMap(({ metadata }) => kinds.workers.get(metadata.name) ?? []),
    ...nodes.flatMap((node) => kinds.workers.store.byIndex(INDEX.machine, machineOf(node))),
  ]);
}
