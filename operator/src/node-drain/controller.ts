import { CORDON_FINALIZER, type NodeDrain, type NodeDrainStatus } from '@cortex/crds';
import { cordonPatch, isCordoned, uncordonPatch } from '../drain/cordon.ts';
import type { DrainOrder, NodeEmptying } from '../drain/emptying.ts';
import { DrainProgressGate } from '../drain/progress.ts';
import { rulesOfDrain } from '../drain/rules.ts';
import { machineOf } from '../burst-worker/identity.ts';
import type { Node } from '../kube/core.ts';
import { isNotFound } from '../kube/errors.ts';
import { publish } from '../published.ts';
import type { Decision, Room } from '../runtime/reconcile.ts';
import { INDEX, type Kinds } from '../stores.ts';
import { type Action, decide } from './decide.ts';
import { actingFor, isLastControlPlane } from './rivals.ts';
import { acts, isDeleting, isDrained, isFinished, type Seen } from './seen.ts';
import { report } from './status.ts';

export interface NodeDrainOptions {
  readonly kinds: Kinds;
  readonly emptying: NodeEmptying;
  readonly now: () => Date;
  /** Why nothing may be destroyed now; undefined while what is seen can be trusted. */
  readonly frozen: () => string | undefined;
  /** What the provider says of a machine whose Node does not answer; undefined for Nodes that are no machine of ours. */
  readonly verdict: (node: Node) => Promise<DrainOrder['machine']>;
}

/** Cordons and drains any Node while its object is there, and undoes its own part when that is deleted (contract C7). */
export class NodeDrainRoom implements Room<Seen, Action, NodeDrainStatus> {
  readonly name = 'node-drain';
  readonly #options: NodeDrainOptions;
  readonly #progress = new DrainProgressGate();

  constructor(options: NodeDrainOptions) {
    this.#options = options;
  }

  async observe(key: string): Promise<Seen | undefined> {
    const drain = this.#options.kinds.drains.get(key);
    if (drain === undefined) return undefined;
    const seen = this.#glance(drain);
    const wants = seen.node !== undefined && seen.cordoned && acts(seen) && !isDeleting(seen) && !isFinished(seen);
    return wants ? await this.#closerLook(seen, seen.node) : seen;
  }

  decide(seen: Seen, now: Date): Decision<Action> {
    return decide(seen, now);
  }

  async perform(action: Action, { drain, node }: Seen): Promise<void> {
    const { kinds, emptying, now } = this.#options;
    const finalizers = (drain.metadata.finalizers ?? []).filter((each) => each !== CORDON_FINALIZER);
    switch (action.kind) {
      case 'AddFinalizer':
        return await this.#setFinalizers(drain, [...finalizers, CORDON_FINALIZER]);
      case 'Cordon':
        return await this.#patchNode(node, (seen) => cordonPatch(seen, now()));
      case 'EmptyNode':
        return await emptying.perform(action.pods);
      case 'Uncordon':
        return await this.#patchNode(node, uncordonPatch);
      case 'RemoveFinalizer':
        return await this.#setFinalizers(drain, finalizers);
      case 'Collect':
        return await kinds.drains.delete(drain.metadata.name, { uid: drain.metadata.uid }).catch(absent);
    }
  }

  /** A pass that changed the object itself leaves the word to the next: the version it saw is gone. */
  report(seen: Seen, actions: readonly Action[], _failure: unknown, now: Date): NodeDrainStatus | undefined {
    if (actions.some(({ kind }) => kind === 'AddFinalizer' || kind === 'RemoveFinalizer')) return undefined;
    const status = report(seen, now);
    const { drain } = seen;
    return status && this.#progress.admits(drain.metadata.uid, drain.status, status, now) ? status : undefined;
  }

  async publish({ drain }: Seen, status: NodeDrainStatus): Promise<void> {
    await publish(this.#options.kinds.drains, drain, status);
  }

  #glance(drain: NodeDrain): Seen {
    const { kinds, frozen } = this.#options;
    const named = kinds.nodes.get(drain.spec.nodeName);
    const bound = drain.status?.nodeUID;
    const node = bound === undefined || named?.metadata.uid === bound ? named : undefined;
    const rivals = kinds.drains.store.byIndex(INDEX.node, drain.spec.nodeName);
    const acting = node && actingFor(node, rivals);
    const [worker] = node === undefined ? [] : kinds.workers.store.byIndex(INDEX.machine, machineOf(node));
    return {
      drain,
      node,
      older: acting === undefined || acting.metadata.uid === drain.metadata.uid ? undefined : acting,
      another: acting !== undefined && acting.metadata.uid !== drain.metadata.uid,
      worker,
      lastControlPlane:
        node !== undefined &&
        drain.status?.drain === undefined &&
        isLastControlPlane(node, () => kinds.nodes.store.list()),
      plan: undefined,
      volumes: undefined,
      cordoned: node !== undefined && isCordoned(node),
      frozen: frozen(),
    };
  }

  /** The pods that are left, and once there are none the volumes. */
  async #closerLook(seen: Seen, node: Node): Promise<Seen> {
    const { emptying, verdict } = this.#options;
    const { drain } = seen;
    const rules = rulesOfDrain(drain);
    const machine = await verdict(node);
    const order = { node, rules, deadline: drain.status?.drain?.deadline, machine };
    const plan = isDrained(seen) ? undefined : await emptying.plan(order);
    const isEmpty = plan === undefined || plan.drained;
    return isEmpty && machine !== 'off'
      ? { ...seen, plan, volumes: await emptying.volumesOn(order) }
      : { ...seen, plan };
  }

  async #patchNode(node: Node | undefined, patchOf: (node: Node) => unknown): Promise<void> {
    const patch = node && patchOf(node);
    if (node !== undefined && patch !== undefined) await this.#options.kinds.nodes.patch(node, patch).catch(absent);
  }

  async #setFinalizers(drain: NodeDrain, finalizers: readonly string[]): Promise<void> {
    const { uid, resourceVersion } = drain.metadata;
    await this.#options.kinds.drains.patch(drain, { metadata: { uid, resourceVersion, finalizers } }).catch(absent);
  }
}

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
