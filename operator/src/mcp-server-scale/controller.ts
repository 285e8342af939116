import type { McpServerScaleStatus } from '@cortex/crds';
import { isNotFound } from '../kube/errors.ts';
import { keyOf } from '../kube/object.ts';
import { Hold } from '../mcp-server/hold.ts';
import { publish } from '../published.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds, workloadsOf } from '../stores.ts';
import { type Action, decide } from './decide.ts';
import { passingMs } from './passing.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

/** Takes wishes in, says where each stands, and collects those that nobody looks after. */
export class McpServerScaleRoom implements Room<Seen, Action, McpServerScaleStatus> {
  readonly name = 'mcp-server-scale';
  readonly #kinds: Kinds;
  readonly #hold = new Hold();

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const wish = this.#kinds.wishes.get(key);
    if (wish === undefined) {
      this.#hold.forget(key);
      return undefined;
    }
    const serverKey = `${wish.metadata.namespace ?? ''}/${wish.spec.serverRef.name}`;
    const server = this.#kinds.servers.get(serverKey);
    const ref = server?.spec.workloadRef;
    return {
      wish,
      server,
      workload: ref && workloadsOf(this.#kinds, ref.kind).get(`${wish.metadata.namespace ?? ''}/${ref.name}`),
      wishes: this.#kinds.wishes.store.byIndex(INDEX.server, serverKey),
    };
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  /** Only as it was seen: a wish edited in the meantime is a new one. */
  async perform(_action: Action, { wish }: Seen): Promise<void> {
    const { uid, resourceVersion } = wish.metadata;
    await this.#kinds.wishes.delete(keyOf(wish), { uid, resourceVersion }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  report(seen: Seen, _actions: readonly Action[], _failure: unknown, now: Date): McpServerScaleStatus | undefined {
    const status = report(seen, now);
    if (status === undefined) return undefined;
    return this.#hold.admits(keyOf(seen.wish), passingMs(seen.wish, status), now) ? status : undefined;
  }

  async publish({ wish }: Seen, status: McpServerScaleStatus): Promise<void> {
    await publish(this.#kinds.wishes, wish, status);
  }
}
