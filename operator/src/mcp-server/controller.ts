import { FIELD_MANAGER, type McpServer, type McpServerScale, type McpServerStatus } from '@cortex/crds';
import type { Workload } from '../kube/apps.ts';
import { isAlreadyExists, isForbidden, isNotFound } from '../kube/errors.ts';
import type { Tell } from '../kube/events.ts';
import { keyOf } from '../kube/object.ts';
import { publish } from '../published.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import type { Kinds } from '../stores.ts';
import { adopting, disowned, labelsOwnedBy, labelsPatch } from './adoption.ts';
import { type Action, decide } from './decide.ts';
import { Hold } from './hold.ts';
import type { Lookout } from './lookout.ts';
import { passingMs } from './passing.ts';
import { isServer, type Seen } from './seen.ts';
import { report } from './status.ts';
import type { Witness } from './witness.ts';

export interface McpServerRoomParts {
  readonly kinds: Kinds;
  readonly lookout: Lookout;
  readonly witness: Witness;
  readonly tell: Tell;
}

/** Adopts workloads, scales them to what is wished, and says what is known of them. */
export class McpServerRoom implements Room<Seen, Action, McpServerStatus> {
  readonly name = 'mcp-server';
  readonly #kinds: Kinds;
  readonly #lookout: Lookout;
  readonly #witness: Witness;
  readonly #tell: Tell;
  readonly #hold = new Hold();

  constructor({ kinds, lookout, witness, tell }: McpServerRoomParts) {
    this.#kinds = kinds;
    this.#lookout = lookout;
    this.#witness = witness;
    this.#tell = tell;
  }

  async observe(key: string): Promise<Seen | undefined> {
    if (this.#kinds.servers.get(key) === undefined) this.#hold.forget(key);
    return await this.#lookout.look(key);
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  async perform(action: Action, { server, workload, wishes }: Seen): Promise<void> {
    if (action.kind === 'Adopt') return workload && (await this.#adopt(workload));
    if (action.kind === 'Refuse')
      return workload && this.#tell(workload, { type: 'Warning', reason: 'NameTooLong', message: action.why });
    if (server === undefined) return;
    switch (action.kind) {
      case 'Abandon':
        return await gone(this.#kinds.servers.delete(keyOf(server), { uid: server.metadata.uid }));
      case 'Disown':
        return void (await this.#kinds.servers.patch(server, disowned(server)));
      case 'CopyLabels':
        return workload && (await this.#copyLabels(server, workload));
      case 'Scale':
        if (action.idle) await this.#stillUnwished(server, wishes);
        return workload && (await this.#scale(server, workload, action));
      case 'KillPod': {
        const { uid } = action.pod.metadata;
        return await gone(this.#kinds.pods.delete(keyOf(action.pod), { uid, gracePeriodSeconds: 0 }));
      }
    }
  }

  report(seen: Seen, _actions: readonly Action[], failure: unknown, now: Date): McpServerStatus | undefined {
    const status = report(seen, failure, now);
    if (status === undefined || !isServer(seen)) return undefined;
    return this.#hold.admits(keyOf(seen.server), passingMs(seen, status), now) ? status : undefined;
  }

  async publish({ server }: Seen, status: McpServerStatus): Promise<void> {
    if (server !== undefined) await publish(this.#kinds.servers, server, status);
  }

  /** A name that is taken is a person's McpServer that the copy has not seen yet: theirs wins. */
  async #adopt(workload: Workload): Promise<void> {
    await this.#kinds.servers.create(adopting(workload)).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }

  async #copyLabels(server: McpServer, workload: Workload): Promise<void> {
    const live = await this.#kinds.servers.live(keyOf(server));
    await this.#kinds.servers.patch(
      live,
      labelsPatch(live, workload, labelsOwnedBy(live.metadata.managedFields, FIELD_MANAGER)),
    );
  }

  async #scale(server: McpServer, workload: Workload, { replicas, idle }: Action & { kind: 'Scale' }): Promise<void> {
    await this.#witness.scale(server, workload, replicas, idle).catch((error: unknown) => {
      if (!isForbidden(error)) throw error;
      const { kind, metadata } = workload;
      throw new Stalled('Forbidden', `The operator may not scale ${kind} ${metadata.name}: ${error.message}`, error);
    });
  }

  /** Sleep is the one change nobody asked for at this moment, so the API server is asked whether anybody does now. */
  async #stillUnwished({ metadata: { namespace, name } }: McpServer, seen: readonly McpServerScale[]): Promise<void> {
    const live = await this.#kinds.wishes.liveList({ fieldSelector: `spec.serverRef.name=${name}` });
    const uids = new Set(
      live.filter((wish) => wish.metadata.namespace === namespace).map(({ metadata }) => metadata.uid),
    );
    if (uids.size !== seen.length || seen.some(({ metadata }) => !uids.has(metadata.uid)))
      throw new Waiting(100, 'InUse', 'The wishes about the server are changing');
  }
}

async function gone(deletion: Promise<void>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
