import { parseDuration, type WorkerPool } from '@cortex/crds';
import type { RemovalBreaker } from '../breaker/removal-breaker.ts';
import { isNotFound } from '../kube/errors.ts';
import type { Checkpoint } from '../providers/provider.ts';
import type { Providers } from '../providers/registry.ts';
import type { Room } from '../runtime/reconcile.ts';
import type { Kinds } from '../stores.ts';
import { type Action, decide, type Decision, type Mode, type Seen, withHolds } from './decide.ts';
import { judge } from './judge.ts';
import type { Leaks } from './leaks.ts';
import { isLost } from './lost-nodes.ts';
import { type Listing, type Memory, NOTHING_SEEN } from './seen.ts';
import type { LostMachine, LostNode, Suspect } from './suspect.ts';

export interface OrphanOptions {
  readonly kinds: Kinds;
  readonly providers: Providers;
  readonly leaks: Leaks;
  readonly breaker: RemovalBreaker;
  readonly mode: Mode;
  readonly clusterId: () => string;
  /** Throws when the lease could end during a call (contract S10). */
  readonly fence: () => void;
  readonly frozen: () => string | undefined;
  readonly now: () => Date;
}

const READ_MS = 30_000;
const CHANGE_MS = 8_000;

/** Machines and Nodes of ours that nobody claims: told of, and removed where that is allowed. One key looks at all pools. */
export class OrphanRoom implements Room<Seen, Action, Seen> {
  readonly name = 'orphans';
  readonly #options: OrphanOptions;
  /** Machines whose removal has begun, and how far it is. */
  readonly #underWay = new Map<string, { readonly machine: LostMachine; readonly checkpoint: Checkpoint }>();
  #memory: Memory = NOTHING_SEEN;

  constructor(options: OrphanOptions) {
    this.#options = options;
  }

  /** Providers first: a machine that is listed had its BurstWorker before, so it is in a list that is made later (S6). */
  async observe(): Promise<Seen> {
    const { kinds, clusterId, mode, frozen, breaker, now } = this.#options;
    const pools = kinds.pools.store.list().filter(({ spec }) => spec.provider !== undefined);
    const listings = (await Promise.all(pools.map((pool) => this.#listing(pool)))).flatMap((each) => each ?? []);
    const workers = listings.length === 0 ? undefined : await this.#workers();
    const nodes = kinds.nodes.store.list();
    const look = { clusterId: clusterId(), listings, workers, nodes, before: this.#memory };
    const { memory, leaks } = judge(look, now());
    const ice = frozen();
    const held = withHolds(leaks, mode, ice, ({ pool, key }) => breaker.ask(pool, key, now()));
    return { look, memory, leaks: held, unfinished: ice === undefined ? this.#unfinished(memory.suspects) : [] };
  }

  decide(seen: Seen, now: Date): Decision {
    return decide(seen, now);
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    return action.kind === 'RemoveMachine'
      ? await this.#removeMachine(action.machine, seen)
      : await this.#deleteNode(action.node, seen);
  }

  report(seen: Seen): Seen {
    return seen;
  }

  async publish(_seen: Seen, { look, memory, leaks }: Seen): Promise<void> {
    this.#memory = memory;
    this.#options.leaks.replace(look.listings, memory.suspects, leaks);
  }

  /** Undefined for a pool whose provider this build lacks, or cannot list machines. */
  async #listing(pool: WorkerPool): Promise<Listing | undefined> {
    const base = {
      pool: pool.metadata.name,
      provider: pool.spec.provider?.type ?? '',
      joinTimeoutMs: parseDuration(pool.spec.provisioning.timeout),
    };
    try {
      const provider = await this.#options.providers.open(pool);
      if (provider === undefined || !provider.caps.list) return undefined;
      const list = provider.list(this.#options.clusterId(), AbortSignal.timeout(READ_MS));
      return { ...base, machines: await Array.fromAsync(list) };
    } catch (error) {
      return { ...base, machines: undefined, problem: wordsOf(error) };
    }
  }

  /** From the API server itself, in full: what is missing from it is about to be destroyed. */
  async #workers(): Promise<ReadonlySet<string> | undefined> {
    try {
      const all = await this.#options.kinds.workers.liveList({});
      return new Set(all.map(({ metadata }) => metadata.uid));
    } catch {
      return undefined;
    }
  }

  /** Machines that are listed no more, and of which something may be left: a task that ends, what they booted from. */
  #unfinished(suspects: readonly Suspect[]): LostMachine[] {
    const listed = new Set(suspects.map(({ key }) => key));
    return [...this.#underWay.values()].map(({ machine }) => machine).filter(({ key }) => !listed.has(key));
  }

  /** The provider reads in the same step whose the machine is, and touches nothing that is not ours (D2). */
  async #removeMachine(machine: LostMachine, { look }: Seen): Promise<void> {
    const { kinds, providers, fence } = this.#options;
    const { key, workerUid, id, host } = machine;
    const pool = kinds.pools.get(machine.pool);
    const provider = pool && (await providers.open(pool));
    if (provider === undefined) return;
    fence();
    const owner = { clusterId: look.clusterId, workerUid, name: workerUid };
    const found: Checkpoint = { id, uuid: workerUid, ...(host === undefined ? {} : { host }) };
    const begun = this.#underWay.get(key)?.checkpoint ?? found;
    this.#underWay.delete(key); // what is refused begins anew, from what is then found
    const { done, checkpoint } = await provider.remove(owner, begun, AbortSignal.timeout(CHANGE_MS));
    if (!done) this.#underWay.set(key, { machine, checkpoint });
  }

  /** Asked for once more as it is now, and deleted as that. */
  async #deleteNode({ name, uid }: LostNode, { look }: Seen): Promise<void> {
    const { nodes } = this.#options.kinds;
    const live = await nodes.live(name).catch(absent);
    if (live?.metadata.uid !== uid || !isLost(live, look)) return;
    this.#options.fence();
    await nodes.delete(name, { uid, resourceVersion: live.metadata.resourceVersion }).catch(absent);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
