import type { Allocation, WorkerPool } from '@cortex/crds';
import type { Office } from '../admission/office.ts';
import { defaultPool } from '../admission/pool-choice.ts';
import { chosenWorkers } from '../admission/slots.ts';
import { bearsClaim } from '../burst-worker/marks.ts';
import { isTrue } from '../conditions.ts';
import { type Forecast, forecast } from '../drain/forecast.ts';
import { rulesOfPool } from '../drain/rules.ts';
import type { Node } from '../kube/core.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { publishes } from '../worker-pool/status.ts';
import { wishName } from './names.ts';
import { endingFrom, type Seen } from './seen.ts';
import { warningAt } from './warning.ts';

export interface Sources {
  readonly kinds: Kinds;
  readonly office: Office;
  readonly now: () => Date;
  /** Why nothing may be destroyed now; undefined while what is seen can be trusted (contracts T7, S8). */
  readonly frozen: () => string | undefined;
}

type Workers = Seen['claimed'];

/** Looks at an Allocation from the copies, and at nothing else. */
export class Observation {
  readonly #sources: Sources;
  readonly #kinds: Kinds;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#kinds = sources.kinds;
  }

  of(allocation: Allocation): Seen {
    const { workers } = this.#kinds;
    const claimed = workers.store.byIndex(INDEX.claimant, allocation.metadata.uid);
    const pool = this.#poolOf(allocation, claimed[0]?.spec.pool);
    return {
      allocation,
      pool,
      claimed,
      named: (allocation.status?.workers ?? []).flatMap(({ name }) => workers.get(name) ?? []),
      marked: new Set(claimed.filter((worker) => this.#isMarked(worker, pool)).map(({ metadata }) => metadata.name)),
      servers: (allocation.spec.mcpServers ?? []).map((name) => this.#server(allocation, name)),
      countedByPool: this.#isCounted(allocation, pool),
      taker: this.#taker(allocation),
      frozen: this.#sources.frozen(),
      forecast: this.#forecast(allocation, pool, claimed),
    };
  }

  #poolOf(allocation: Allocation, claimedIn: string | undefined): WorkerPool | undefined {
    const name = allocation.status?.reserved?.pool ?? claimedIn ?? allocation.spec.workers?.pool;
    return name === undefined ? defaultPool(this.#kinds.pools.store.list()) : this.#kinds.pools.get(name);
  }

  #nodesOf(worker: Workers[number]): Node[] {
    return this.#kinds.nodes.store.byIndex(INDEX.machine, worker.metadata.uid);
  }

  #isMarked(worker: Workers[number], pool: WorkerPool | undefined): boolean {
    const [node] = this.#nodesOf(worker);
    return node !== undefined && bearsClaim(node, { worker, pool });
  }

  #server(allocation: Allocation, name: string): Seen['servers'][number] {
    const namespace = allocation.metadata.namespace ?? '';
    return {
      name,
      server: this.#kinds.servers.get(`${namespace}/${name}`),
      wish: this.#kinds.wishes.get(`${namespace}/${wishName(allocation.metadata, name)}`),
    };
  }

  /** A reservation is shown by the pool before its Allocation says Ready (api.md); claims of free workers came with their pool's count. */
  #isCounted(allocation: Allocation, pool: WorkerPool | undefined): boolean {
    if (pool === undefined || !isTrue(allocation.status?.conditions, 'QuotaReserved')) return true;
    if (allocation.status?.readyAt !== undefined) return true;
    return publishes(pool.status, this.#sources.office.books.of(pool.metadata.name).ledger);
  }

  /** Who took over from it, and whether everything is theirs by now (contract T4). */
  #taker({ metadata }: Allocation): Seen['taker'] {
    const [taker] = this.#kinds.allocations.store.byIndex(INDEX.taken, metadata.uid);
    if (taker === undefined) return undefined;
    const claims = this.#kinds.workers.store.byIndex(INDEX.claimant, metadata.uid);
    const theirs = new Set(chosenWorkers(taker));
    const wished = (taker.spec.mcpServers ?? []).every((name) => this.#server(taker, name).wish !== undefined);
    return { name: taker.metadata.name, settled: wished && !claims.some((each) => theirs.has(each.metadata.name)) };
  }

  /** Asked for once the end is near: pods come and go too often to follow them for longer. */
  #forecast(allocation: Allocation, pool: WorkerPool | undefined, claimed: Workers): Forecast | undefined {
    const end = endingFrom(allocation, pool, allocation.status?.readyAt);
    const isNear = this.#sources.now().getTime() >= warningAt(allocation, end);
    if (!isNear || claimed.length === 0 || allocation.status?.phase !== 'Active') return undefined;
    const { pods, budgets, daemonSets } = this.#kinds;
    const nodes = claimed
      .flatMap((worker) => this.#nodesOf(worker))
      .map(({ metadata }) => pods.store.byIndex(INDEX.node, metadata.name));
    const namespaces = new Set(nodes.flat().flatMap(({ metadata }) => metadata.namespace ?? []));
    return forecast({
      nodes,
      rules: rulesOfPool(pool),
      budgets: [...namespaces].flatMap((namespace) => budgets.store.byIndex(INDEX.namespace, namespace)),
      daemonSets: new Set(daemonSets.store.list().map(({ metadata }) => metadata.uid)),
      beginsAt: new Date(end.expiresAt),
      hardStopAt: new Date(end.hardStopAt),
    });
  }
}
