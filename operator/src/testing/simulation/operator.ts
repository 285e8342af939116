import { Machines } from '../../burst-worker/machines.ts';
import { NodeEmptying } from '../../drain/emptying.ts';
import { kindsOver } from '../../follow.ts';
import type { Kind } from '../../kube/kind.ts';
import { keyOf, type KubeObject } from '../../kube/object.ts';
import { officeOver, workQueues } from '../../operator.ts';
import type { Office } from '../../admission/office.ts';
import { Leaks } from '../../orphans/leaks.ts';
import { KwokProvider } from '../../providers/kwok/kwok.ts';
import type { MemoryCloud } from '../../providers/memory/cloud.ts';
import { MemoryProvider } from '../../providers/memory/memory.ts';
import { always, Providers } from '../../providers/registry.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { MemoryApiServer } from './api-server.ts';
import { atTheEndOf } from './booting-cloud.ts';
import { later, LineTo } from './line-to.ts';

const WATCH_MS = 1;

/** One run of the operator: all its rooms as in production, over a server in memory. */
export class SimulatedOperator {
  readonly line: LineTo;
  readonly kinds: ReturnType<typeof kindsOver>;
  readonly office: Office;
  readonly problems: string[] = [];
  readonly #queues: readonly WorkQueue[];
  readonly #unwatch: (() => void)[];
  #dead = false;

  constructor(server: MemoryApiServer, rooms: ReadonlySet<string> = ROOMS, cloud?: MemoryCloud) {
    this.line = new LineTo(server);
    const { client } = this.line;
    this.kinds = kindsOver(client);
    const kwok = always(new KwokProvider({ client, namespace: 'cortex-system', now }));
    const memory = cloud && always(new MemoryProvider(atTheEndOf(this.line, cloud)));
    const providers = new Providers([memory === undefined ? kwok : { ...memory, type: 'Kwok' }]);
    this.office = officeOver(this.kinds, providers);
    this.#queues = workQueues({
      kinds: this.kinds,
      office: this.office,
      machines: new Machines({
        providers,
        bootstrap: SEEDLESS,
        clusterId: () => 'cluster',
        fence: nothing,
        earliest: now,
      }),
      client,
      mcpSelector: 'app.kubernetes.io/component=mcp-server',
      frozen: nothing,
      emptying: new NodeEmptying(this.kinds, client, now),
      providers,
      leaks: new Leaks(),
      orphans: 'Report',
      clusterId: () => 'cluster',
      clock: { now, earliest: now, skewMs: 0, trusted: true },
      fence: nothing,
      tell: nothing,
      log: this.#log(),
      metrics: UNMEASURED,
    });
    const kinds = Object.values(this.kinds) as unknown as Kind<KubeObject>[];
    this.#unwatch = kinds.map((kind) => this.#follow(server, kind));
    for (const queue of this.#queues) if (rooms.has(queue.name)) queue.start();
  }

  /** Nothing it still has under way reaches the server, and no answer reaches it. */
  async kill(): Promise<void> {
    this.#dead = true;
    for (const unwatch of this.#unwatch) unwatch();
    this.line.trouble = { before: forever, after: forever };
    for (const queue of this.#queues) void queue.stop(0);
    await Promise.resolve();
  }

  #follow(server: MemoryApiServer, { type, store }: Kind<KubeObject>): () => void {
    const unwatch = server.watch(type, (event, object) => {
      void later(WATCH_MS).then(() => {
        if (this.#dead) return;
        if (event === 'deleted') store.forget(object);
        else store.learn(object);
        store.advance(object.metadata.resourceVersion);
      });
    });
    store.replace(new Map(server.list(type).map((object) => [keyOf(object), object])), server.version);
    return unwatch;
  }

  #log(): Logger {
    const note = (message: string, keys: object = {}): void =>
      void this.problems.push(`${message} ${JSON.stringify(keys)}`);
    return { debug: () => undefined, info: () => undefined, warn: note, error: note };
  }
}

/** Servers are as the tests say they are. */
const ROOMS: ReadonlySet<string> = new Set(['allocation', 'burst-worker', 'node-drain', 'worker-pool', 'admission']);

/** Servers are what the operator makes of workloads; nobody is there to be asked for a handshake. */
export const ROOMS_WITH_SERVERS: ReadonlySet<string> = new Set([...ROOMS, 'mcp-server', 'mcp-server-scale']);

const now = (): Date => new Date();

const nothing = (): undefined => undefined;

/** Machines that KWOK plays boot without being told anything. */
const SEEDLESS = { seedOf: nothing, revoke: async () => undefined };

const UNMEASURED = {
  queue: () => ({ added: nothing, depth: nothing, waited: nothing, worked: nothing, retried: nothing }),
  drifted: nothing,
} as unknown as Metrics;

const forever = (): Promise<void> => new Promise(() => undefined);
