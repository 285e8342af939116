import { BurstWorkers, type BurstWorker, type WorkerPool, WorkerPools } from '@cortex/crds';
import { onTestFinished, vi } from 'vitest';
import { officeOver } from '../../operator.ts';
import { announce } from '../../announce.ts';
import { RemovalBreaker } from '../../breaker/removal-breaker.ts';
import { BurstWorkerRoom } from '../../burst-worker/controller.ts';
import { Machines } from '../../burst-worker/machines.ts';
import { PoolBackoff } from '../../burst-worker/pool-backoff.ts';
import { WorkerTurns } from '../../burst-worker/worker-turns.ts';
import { NodeEmptying } from '../../drain/emptying.ts';
import { kindsOver } from '../../follow.ts';
import { inform } from '../../inform.ts';
import { ConfigMaps, Nodes, Secrets } from '../../kube/core.ts';
import { EventRecorder } from '../../kube/events.ts';
import { equip } from '../../provider-kinds.ts';
import { Leaks } from '../../orphans/leaks.ts';
import { reconcile, type Room } from '../../runtime/reconcile.ts';
import { createLogger } from '../../telemetry/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { WorkerPoolRoom } from '../../worker-pool/controller.ts';
import { Scout } from '../../worker-pool/scout.ts';
import { selfSigned } from '../certificate.ts';
import { LaggingCopies } from '../histories/lagging.ts';
import { MemoryApiServer } from '../simulation/api-server.ts';
import { LineTo } from '../simulation/line-to.ts';
import { aPool, at, holding } from '../workers.ts';
import { join, SEED } from './guest.ts';
import { settingsFor } from './harness.ts';
import { ProxmoxServer, USER } from './server.ts';

export const NAMESPACE = 'cortex-system';
const LONGEST = 400;

/**
 * A worker's life on a Proxmox cluster, led step by step: the operator's rooms over the providers as main.ts puts them
 * together, an API server in memory, and guests that join with what their seed says. Everything that leaves the operator is kept.
 */
export class ProxmoxLife {
  readonly cluster = new MemoryApiServer(() => this.now);
  readonly proxmox: ProxmoxServer;
  /** Every line of its log, and every version of every object but Secrets. */
  readonly said: string[] = [];
  readonly errors: unknown[] = [];
  readonly metrics = createMetrics();
  now = at('10:00:00');
  readonly #rooms: { readonly worker: BurstWorkerRoom; readonly pool: WorkerPoolRoom };
  readonly #scout: Scout;
  readonly #copies: LaggingCopies;
  readonly #recorder: EventRecorder;
  readonly #log = createLogger({ level: 'debug', format: 'json', write: (line) => void this.said.push(line) });

  private constructor(proxmox: ProxmoxServer, pool: WorkerPool, close: (end: () => Promise<void>) => void) {
    this.proxmox = proxmox;
    const { client } = new LineTo(this.cluster);
    const kinds = kindsOver(client);
    for (const { type } of Object.values(kinds))
      this.cluster.watch(type, (_event, object) => void this.said.push(JSON.stringify(object)));
    this.cluster.watch(EVENTS, (_event, object) => void this.said.push(JSON.stringify(object)));
    this.#copies = new LaggingCopies(this.cluster, kinds);
    const now = (): Date => this.now;
    const equipment = equip({
      client,
      namespace: NAMESPACE,
      qemu: { folder: '/nowhere', images: '/nowhere' },
      now,
      called: (call) => this.metrics.providerCalled(call),
    });
    close(() => equipment.close());
    const { providers, bootstrap } = equipment;
    const office = officeOver(kinds, providers);
    inform(office, kinds);
    this.#scout = new Scout({ providers, poolOf: (name) => kinds.pools.get(name), changed: nothing, now });
    const backoff = new PoolBackoff();
    const breaker = new RemovalBreaker(kinds);
    this.#rooms = {
      worker: new BurstWorkerRoom(
        {
          kinds,
          now,
          machines: new Machines({ providers, bootstrap, clusterId: () => 'here', fence: nothing, earliest: now }),
          emptying: new NodeEmptying(kinds, client, now),
          turns: new WorkerTurns(kinds, backoff, nothing),
          breaker,
          frozen: nothing,
          silence: (each) => this.#scout.silence(each),
        },
        backoff,
      ),
      pool: new WorkerPoolRoom({ kinds, providers, office, breaker, leaks: new Leaks(), scout: this.#scout, now }),
    };
    this.#recorder = new EventRecorder({ client, component: 'cortex', instance: 'operator-0', now });
    announce(kinds, this.#recorder, () => true);
    this.cluster.create(WorkerPools, pool);
  }

  /** A cluster with a pool of Proxmox machines; the Secrets it names hold these texts. */
  static async begin(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<ProxmoxLife> {
    // Breakers and Secrets go by a clock that never goes back: it is led on with the other.
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const certificate = selfSigned('pve');
    let life: ProxmoxLife | undefined;
    const proxmox = await ProxmoxServer.start(() => life?.now ?? at('10:00:00'), certificate);
    onTestFinished(() => proxmox[Symbol.asyncDispose]());
    const pool = aPool({
      provider: { type: 'Proxmox', proxmox: settingsFor(proxmox.url, certificate.cert) },
      bootstrap: {
        format: 'Raw',
        userDataSecretRef: { name: 'seed' },
        valuesFrom: [{ secretRef: { name: 'values' } }],
        joinToken: { mode: 'Kubeadm', ttl: '30m', serverURL: 'https://10.0.0.10:6443' },
      },
    });
    life = new ProxmoxLife(proxmox, pool, onTestFinished);
    life.put('pve', { token: `${USER}=a-canary-secret` });
    life.put('seed', { 'user-data': SEED });
    for (const [name, texts] of Object.entries(secrets)) life.put(name, texts);
    const data = { 'ca.crt': selfSigned('cluster').cert };
    life.cluster.create(ConfigMaps, { metadata: { namespace: NAMESPACE, name: 'kube-root-ca.crt' }, data });
    return life;
  }

  put(name: string, texts: Readonly<Record<string, string>>): void {
    const encoded = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const there = this.cluster.peek(Secrets).some(({ metadata }) => metadata.name === name);
    if (there) this.cluster.delete(Secrets, `${NAMESPACE}/${name}`);
    this.cluster.create(Secrets, { metadata: { namespace: NAMESPACE, name }, data: Object.fromEntries(encoded) });
  }

  /** A worker with a slot. */
  ask(name: string): void {
    const made = this.cluster.create(BurstWorkers, {
      apiVersion: 'cortex.automation/v1alpha1',
      kind: 'BurstWorker',
      metadata: { name, finalizers: ['cortex.automation/vm'] },
      spec: { pool: 'burst', size: 'medium', claimable: false, deletionProtection: false },
    });
    const resources = { cpu: '4', memory: '8Gi', disk: '100Gi' };
    this.cluster.updateStatus(BurstWorkers, {
      ...made,
      status: { phase: 'Requested', resources, conditions: holding('Admitted') },
    });
  }

  release(name: string): void {
    this.cluster.delete(BurstWorkers, name);
  }

  worker(name: string): BurstWorker | undefined {
    const all = this.cluster.peek(BurstWorkers) as unknown as BurstWorker[];
    return all.find(({ metadata }) => metadata.name === name);
  }

  pool(): WorkerPool | undefined {
    return this.cluster.peek(WorkerPools)[0] as unknown as WorkerPool | undefined;
  }

  /** Leads everything on, a second at a time, until this holds. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < LONGEST; turn++) {
      if (holds()) return;
      await this.step(1_000);
    }
    throw new Error(
      `not after ${LONGEST} s: ${what}\n${JSON.stringify([this.pool()?.status, this.worker('w')?.status])}`,
    );
  }

  /** One look at everything there is, and so much time. */
  async step(ms: number): Promise<void> {
    this.now = new Date(this.now.getTime() + ms);
    vi.advanceTimersByTime(ms);
    this.proxmox.world.settle();
    join(this.proxmox.world, this.cluster, this.now);
    this.#copies.catchUpAll();
    if (this.now.getTime() % 5_000 === 0) await this.#scout.look('burst');
    await this.#pass(this.#rooms.pool, 'burst');
    for (const { metadata } of this.cluster.peek(BurstWorkers)) await this.#pass(this.#rooms.worker, metadata.name);
    await this.#recorder.flush();
  }

  get nodes(): string[] {
    return this.cluster.peek(Nodes).map(({ metadata }) => metadata.name);
  }

  async #pass<O, A extends { readonly kind: string }, S>(room: Room<O, A, S>, key: string): Promise<void> {
    this.#copies.catchUpAll();
    const tell = (action: string, error: unknown): void => {
      if (error !== undefined) this.errors.push(error);
      this.#log.info(action, { kind: room.name, key, action, error });
    };
    try {
      const wake = await reconcile(room, key, this.now, ({ kind }, _ms, failure) => tell(kind, failure));
      if (wake.kind === 'backoff') tell('will be tried again', wake.failure);
    } catch (error) {
      tell('will be tried again', error);
    }
  }
}

const EVENTS = { plural: 'events', kind: 'Event', group: 'events.k8s.io' };
const nothing = (): undefined => undefined;
