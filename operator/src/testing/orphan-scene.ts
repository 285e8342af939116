import { BurstWorkers, WorkerPools } from '@cortex/crds';
import { RemovalBreaker } from '../breaker/removal-breaker.ts';
import { kindsOver } from '../follow.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Node } from '../kube/core.ts';
import { OrphanRoom } from '../orphans/controller.ts';
import type { Mode } from '../orphans/decide.ts';
import { Leaks } from '../orphans/leaks.ts';
import type { MemoryMachine } from '../providers/memory/cloud.ts';
import { MemoryProvider } from '../providers/memory/memory.ts';
import { always, Providers } from '../providers/registry.ts';
import { reconcile } from '../runtime/reconcile.ts';
import { JudgedCloud } from './histories/judged-cloud.ts';
import { MemoryApiServer, type Place } from './simulation/api-server.ts';
import { aPool, at, aWorker } from './workers.ts';

const MINUTE = 60_000;

/** A cluster with one pool over a hypervisor in memory, and the room that looks for what nobody claims. */
export class OrphanScene {
  now = at('10:00:00');
  readonly server = new MemoryApiServer(() => this.now);
  readonly cloud = new JudgedCloud(() => this.now);
  readonly leaks = new Leaks();
  readonly ended = new Set<string>();
  frozen: string | undefined;
  /** The API server does not answer. */
  silent = false;
  readonly #kinds = kindsOver(this.#client());
  readonly #room: OrphanRoom;
  #planted = 0;

  constructor(mode: Mode) {
    const kinds = this.#kinds;
    const provider = new MemoryProvider(this.cloud);
    this.cloud.judge = (machine) => void this.ended.add(machine?.name ?? '');
    const pool = aPool({ provider: { type: 'Kwok' } });
    this.server.create(WorkerPools, pool);
    kinds.pools.store.learn(pool);
    this.#room = new OrphanRoom({
      kinds,
      providers: new Providers([{ ...always(provider), type: 'Kwok' }]),
      leaks: this.leaks,
      breaker: new RemovalBreaker(kinds),
      mode,
      clusterId: () => 'here',
      fence: () => undefined,
      frozen: () => this.frozen,
      now: () => this.now,
    });
    this.claimed();
  }

  /** The calls that the room makes. */
  #client(): KubeClient {
    const answer = async <A>(act: () => A): Promise<A> => {
      if (this.silent) throw new Error('no answer');
      return act();
    };
    const verbs = {
      get: (type: Place, key: string) => answer(() => this.server.get(type, key)),
      list: (type: Place, options: object) => answer(() => this.server.list(type, options)),
      delete: (type: Place, key: string, options: object) => answer(() => this.server.delete(type, key, options)),
    };
    return verbs as unknown as KubeClient;
  }

  /** A BurstWorker and its machine. */
  claimed(): string {
    const name = `claimed-${++this.#planted}`;
    const made = this.server.create(BurstWorkers, aWorker({}, undefined, { name }));
    this.cloud.plant({ clusterId: 'here', workerUid: made.metadata.uid, name });
    return name;
  }

  /** A machine that somebody has: ours unless told otherwise, of a BurstWorker that does not exist. */
  plant(name: string, owner: Partial<Pick<MemoryMachine, 'clusterId' | 'workerUid'>> = {}): void {
    const workerUid = `99999999-0000-4000-8000-${String(++this.#planted).padStart(12, '0')}`;
    this.cloud.plant({ clusterId: 'here', workerUid, name, ...owner });
  }

  /** The copy knows it as it is now. */
  learnNode(node: Node): void {
    this.#kinds.nodes.store.learn(node);
  }

  async look(): Promise<void> {
    await reconcile(this.#room, 'all', this.now).catch(() => undefined);
  }

  /** Looks once a minute. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      this.now = new Date(this.now.getTime() + MINUTE);
      await this.look();
    }
  }

  get names(): string[] {
    return [...this.cloud.machines.values()].map(({ name }) => name).toSorted();
  }
}

/** Whose machines look like ours and are not: our name on the machine, our id, a token of somebody else's or of nobody. */
export function plantForeigners(scene: OrphanScene): string[] {
  scene.plant('burst-1', { clusterId: 'elsewhere' });
  scene.plant('burst-1', { clusterId: 'Here' });
  scene.plant('burst-1', { clusterId: '' });
  scene.plant('burst-1', { workerUid: 'burst-1' });
  scene.plant('burst-1', { workerUid: '' });
  scene.plant('burst-1', { workerUid: '99999999-0000-4000-8000-00000000000' });
  return Array.from({ length: 6 }, () => 'burst-1');
}
