import type { BurstWorker, WorkerPool } from '@cortex/crds';
import { parseDuration } from '@cortex/crds';
import { cordonedAt } from '../drain/cordon.ts';
import { removePod, retryDelayMs } from '../drain/evict.ts';
import { type DrainInput, type Plan, planDrain, type PodAction, type Refused } from '../drain/plan.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Node } from '../kube/core.ts';
import { eachBounded } from '../runtime/bounded.ts';
import { INDEX, type Kinds } from '../stores.ts';

interface Refusals extends Refused {
  readonly times: number;
}

const AT_ONCE = 10;

/** Empties Nodes of their pods. What was refused is remembered to space the tries out, never to decide what is done. */
export class NodeEmptying {
  readonly #kinds: Kinds;
  readonly #client: KubeClient;
  readonly #now: () => Date;
  readonly #refused = new Map<string, Refusals>();

  constructor(kinds: Kinds, client: KubeClient, now: () => Date) {
    this.#kinds = kinds;
    this.#client = client;
    this.#now = now;
  }

  /** What is to be done about the Node. Before it is called empty the API server itself is asked (contract D5). */
  async plan(node: Node, { status }: BurstWorker, pool: WorkerPool | undefined): Promise<Plan> {
    const input = this.#input(node, status?.drain?.deadline, pool);
    const plan = planDrain({ ...input, pods: this.#kinds.pods.store.byIndex(INDEX.node, node.metadata.name) });
    if (!plan.drained) return plan;
    return planDrain({ ...input, pods: await this.#kinds.pods.liveList(`spec.nodeName=${node.metadata.name}`) });
  }

  async perform(actions: readonly PodAction[]): Promise<void> {
    const failures = await eachBounded(actions, AT_ONCE, async (action) => await this.#remove(action));
    if (failures[0] !== undefined) throw failures[0];
  }

  #input(node: Node, deadline: string | undefined, pool: WorkerPool | undefined): Omit<DrainInput, 'pods'> {
    const drain = pool?.spec.drain;
    return {
      rules: {
        daemonSets: drain?.daemonSets ?? 'Skip',
        unmanagedPods: drain?.unmanagedPods ?? 'Evict',
        onDeadline: drain?.onDeadline ?? 'Hold',
        gracePeriodMs: parseDuration(drain?.gracePeriod ?? '5m'),
      },
      cordonedAt: cordonedAt(node),
      deadline: new Date(deadline ?? this.#now()),
      now: this.#now(),
      refused: this.#refused,
    };
  }

  async #remove(action: PodAction): Promise<void> {
    const { uid } = action.pod;
    const answer = await removePod(this.#client, action);
    if (answer.kind !== 'Refused') {
      this.#refused.delete(uid);
      return;
    }
    const before = this.#refused.get(uid);
    const now = this.#now();
    const delay = answer.retryAfterMs ?? retryDelayMs(before?.times ?? 0, uid);
    this.#refused.set(uid, {
      until: new Date(now.getTime() + delay),
      since: before?.since ?? now,
      reason: answer.reason,
      times: (before?.times ?? 0) + 1,
    });
  }
}
