import type { KubeClient } from '../kube/client.ts';
import type { Node, Pod, PodDisruptionBudget } from '../kube/core.ts';
import { keyOf } from '../kube/object.ts';
import { Limit } from '../runtime/limit.ts';
import { Waiting } from '../runtime/outcome.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { Asked } from './asked.ts';
import { AttachedVolumes } from './attached.ts';
import { budgetsOf } from './budgets.ts';
import { cordonedAt } from './cordon.ts';
import { removePod } from './evict.ts';
import type { Answer, DrainInput, Plan, PodAction } from './input.ts';
import { planDrain } from './plan.ts';
import { Refusals } from './refusals.ts';
import type { DrainRules } from './rules.ts';
import { UnderWay } from './under-way.ts';

/** What a drain is asked for: a Node, how, and until when. */
export interface DrainOrder {
  readonly node: Node;
  readonly rules: DrainRules;
  readonly deadline: string | undefined;
  readonly machine: DrainInput['machine'];
}

/**
 * Evictions of one Node in flight at once, and of all Nodes together (contract D18): enough to keep an API server busy, and
 * few enough that each is answered soon, and so are all other calls.
 */
const OF_ONE_NODE = 10;
const IN_ALL = 32;
/** Not asked for, and tried again as if it had been refused. */
const ANOTHER_GOES = {
  kind: 'Refused',
  by: 'Budget',
  message: 'its budget lets no more pods go at once, and as many are going',
} as const;

/** Empties Nodes of their pods. What was refused is remembered to space the tries out, never to decide what is done. */
export class NodeEmptying {
  readonly #kinds: Kinds;
  readonly #client: KubeClient;
  readonly #now: () => Date;
  readonly #refusals = new Refusals();
  readonly #asked = new Asked();
  readonly #limit = new Limit(IN_ALL);
  readonly #underWay = new UnderWay();
  readonly #volumes: AttachedVolumes;
  #quietUntil = 0;

  constructor(kinds: Kinds, client: KubeClient, now: () => Date) {
    this.#kinds = kinds;
    this.#client = client;
    this.#now = now;
    this.#volumes = new AttachedVolumes(kinds, client);
    kinds.pods.store.onChange((_key, pod, before) => {
      if (pod === undefined && before !== undefined) this.#refusals.forget(before.metadata.uid);
    });
    kinds.budgets.store.onChange((_key, budget, before) => {
      if (budget === undefined && before !== undefined) this.#underWay.forget(before.metadata.uid);
    });
  }

  /** What is to be done about the Node. */
  async plan(order: DrainOrder): Promise<Plan> {
    const { name, resourceVersion } = order.node.metadata;
    const plan = await this.#planFor(order, this.#kinds.pods.store.byIndex(INDEX.node, name));
    if (!plan.drained || this.#kinds.pods.store.hasPassed(resourceVersion)) return plan;
    // The watch has not come past the cordon: the API server itself is asked before the Node is called empty (contract D5).
    return await this.#planFor(order, await this.#kinds.pods.liveList({ fieldSelector: `spec.nodeName=${name}` }));
  }

  async #planFor(order: DrainOrder, pods: readonly Pod[]): Promise<Plan> {
    const plan = planDrain(this.#input(order, pods));
    if (plan.actions.length > 0) await this.#isTheirNode(order.node, pods);
    return plan;
  }

  /** Volumes that are left on a Node that is empty (contract D15). */
  async volumesOn({ node, rules }: Pick<DrainOrder, 'node' | 'rules'>): Promise<string[]> {
    return await this.#volumes.to(node, { rules, daemonSets: this.#daemonSets(), now: this.#now() });
  }

  /** Nodes with a pod that this budget, `namespace/name`, holds back. */
  nodesHeldBy(budget: string): Set<string> {
    const pods = this.#refusals.heldBy(budget);
    return new Set(
      pods.flatMap(({ namespace, name }) => this.#kinds.pods.get(`${namespace}/${name}`)?.spec.nodeName ?? []),
    );
  }

  /**
   * Pods know their Node by its name alone. Where a pod is newer than the copy of Nodes, another Node may have that name by
   * now, and its pods are nobody's here: the API server is asked.
   */
  async #isTheirNode({ metadata }: Node, pods: readonly Pod[]): Promise<void> {
    if (pods.every((pod) => this.#kinds.nodes.store.hasPassed(pod.metadata.resourceVersion))) return;
    const { uid } = (await this.#kinds.nodes.live(metadata.name)).metadata;
    if (uid !== metadata.uid)
      throw new Waiting(1_000, 'CopyBehind', `The copy does not know yet that ${metadata.name} is another Node now`);
  }

  async perform(actions: readonly PodAction[]): Promise<void> {
    this.#beQuiet();
    const failures = await this.#limit.each(
      actions,
      OF_ONE_NODE,
      async (action) => await this.#remove(action),
      ({ pod }) => this.#refusals.byPod.has(pod.uid), // its budget allows it now, and may not for long
    );
    if (failures[0] !== undefined) throw failures[0];
    this.#beQuiet();
    // What was refused changes the plan, and nothing else would say so.
    if (actions.some(({ pod }) => this.#refusals.byPod.has(pod.uid)))
      throw new Waiting(0, 'PodsBlocked', 'Pods may not leave yet');
  }

  #input({ node, rules, deadline, machine }: DrainOrder, pods: DrainInput['pods']): DrainInput {
    const namespaces = new Set(pods.flatMap(({ metadata }) => metadata.namespace ?? []));
    const { budgets } = this.#kinds;
    return {
      pods,
      rules,
      cordonedAt: cordonedAt(node),
      deadline: new Date(deadline ?? this.#now()),
      now: this.#now(),
      refused: this.#refusals.byPod,
      asked: this.#asked.byPod,
      budgets: [...namespaces].flatMap((namespace) => budgets.store.byIndex(INDEX.namespace, namespace)),
      daemonSets: this.#daemonSets(),
      machine,
    };
  }

  #daemonSets(): Set<string> {
    return new Set(this.#kinds.daemonSets.store.list().map(({ metadata }) => metadata.uid));
  }

  /** A server that asks for patience is left alone by everybody (contract D9). */
  #beQuiet(): void {
    const waitMs = this.#quietUntil - this.#now().getTime();
    if (waitMs > 0) throw new Waiting(waitMs, 'Throttled', 'The API server asks for patience');
  }

  async #remove(action: PodAction): Promise<void> {
    if (this.#quietUntil > this.#now().getTime()) return;
    const budgets = action.kind === 'Evict' ? this.#budgetsOf(action.pod) : [];
    const end = this.#underWay.begin(budgets, this.#now());
    if (end === undefined) return this.#take(action, ANOTHER_GOES);
    let accepted = false;
    try {
      const answer = await removePod(this.#client, action);
      accepted = answer.kind === 'Accepted';
      this.#take(action, answer);
    } finally {
      end(accepted, this.#now());
    }
  }

  #take(action: PodAction, answer: Answer): void {
    const { pod } = action;
    if (answer.kind === 'Throttled') this.#quietUntil = this.#now().getTime() + answer.retryAfterMs;
    else if (answer.kind === 'Refused') this.#refusals.add(action, answer, this.#budgetOf(pod), this.#now());
    else this.#accept(pod.uid);
  }

  #accept(uid: string): void {
    this.#refusals.forget(uid);
    this.#asked.add(uid, this.#now());
  }

  #budgetOf(ref: PodAction['pod']): { key: string; version: string } | undefined {
    const [budget] = this.#budgetsOf(ref);
    return budget && { key: keyOf(budget), version: budget.metadata.resourceVersion };
  }

  #budgetsOf({ namespace, name }: PodAction['pod']): PodDisruptionBudget[] {
    const pod = this.#kinds.pods.get(`${namespace}/${name}`);
    return pod === undefined ? [] : budgetsOf(pod, this.#kinds.budgets.store.byIndex(INDEX.namespace, namespace));
  }
}
