import { LABEL, VM_FINALIZER } from '@cortex/crds';
import { cordonPatch, isCordoned, uncordonPatch } from '../drain/cordon.ts';
import { isNotFound } from '../kube/errors.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import type { Action } from './decide.ts';
import { freePatch } from './free-patch.ts';
import { doubtAbout, machineOf } from './identity.ts';
import { markPatch } from './mark-patch.ts';
import { withoutVmFinalizer } from './marks.ts';
import type { Sources } from './observation.ts';
import { isDeleting, isRegistered, poolOf, type Seen } from './seen.ts';

const UNSETTLED_MS = 60_000;

/** What is done about a worker. Each action is one call that changes something, safe to repeat. */
export class Actions {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async perform(action: Action, seen: Seen): Promise<void> {
    switch (action.kind) {
      case 'AddFinalizer':
        return await this.#setFinalizers(seen, [...(seen.worker.metadata.finalizers ?? []), VM_FINALIZER]);
      case 'EnsureVm':
        return await this.#ensureVm(seen);
      case 'MarkNode':
        return await this.#patchNode(seen, (node) => markPatch(node, seen));
      case 'SettleVm':
        return await this.#settleVm(seen);
      case 'Cordon':
        return await this.#patchNode(seen, (node) => cordonPatch(node, this.#sources.now()));
      case 'Uncordon':
        return await this.#patchNode(seen, uncordonPatch);
      case 'EmptyNode':
        return await this.#sources.emptying.perform(action.pods);
      case 'FreeNode':
        return await this.#patchNode(seen, (node) => freePatch(node, seen));
      case 'ClearClaim':
        return await this.#clearClaim(seen);
      case 'DeleteWorker':
        return await this.#deleteWorker(seen);
      case 'RemoveVm':
        return await this.#removeVm(seen);
      case 'DeleteNode':
        return await this.#deleteNode(seen);
      case 'RemoveFinalizer':
        return await this.#setFinalizers(seen, withoutVmFinalizer(seen.worker.metadata.finalizers));
    }
  }

  async #ensureVm(seen: Seen): Promise<void> {
    if (seen.pool === undefined || seen.checkpoint === undefined) return;
    const step = await this.#sources.machines.ensure(seen.worker, seen.pool, seen.checkpoint);
    seen.vm = step.vm;
    seen.checkpoint = step.checkpoint;
    if (!step.done)
      throw new Waiting(
        step.retryAfterMs ?? 1_000,
        'Provisioning',
        step.notice ?? `The machine of BurstWorker ${seen.worker.metadata.name} is not up yet`,
      );
  }

  /** Whatever comes of it, the worker is as Ready as its Node: a seed that is still there is taken away later. */
  async #settleVm(seen: Seen): Promise<void> {
    const { worker, pool, checkpoint } = seen;
    if (pool === undefined || checkpoint === undefined) return;
    const step = await this.#sources.machines.settle(worker, pool, checkpoint).catch((error: unknown) => {
      if (!(error instanceof Stalled)) throw error;
      throw new Waiting(UNSETTLED_MS, 'Settling', error.message, error);
    });
    seen.checkpoint = step.checkpoint;
    if (!step.done)
      throw new Waiting(step.retryAfterMs ?? 1_000, 'Settling', `The seed of BurstWorker ${worker.metadata.name} goes`);
  }

  /** The machine goes for good, so the Node is asked for once more as it is now, not as it was cached (contract D2). */
  async #removeVm(seen: Seen): Promise<void> {
    if (seen.checkpoint === undefined) return;
    await this.#checkIsOver(seen);
    const doubt = await this.#doubtNow(seen);
    if (doubt !== undefined) throw new Stalled('IdentityConflict', doubt);
    const step = await this.#sources.machines.remove(seen.worker, poolOf(seen), seen.checkpoint);
    seen.vm = step.vm;
    seen.checkpoint = step.checkpoint;
    throw new Waiting(
      step.vm.state === 'absent' ? 0 : (step.retryAfterMs ?? 1_000),
      'Terminating',
      `The machine of BurstWorker ${seen.worker.metadata.name} is going`,
    );
  }

  /**
   * A DELETE cannot be taken back. An attempt that is given up without one is judged by what its worker says of itself, and a
   * write of that whose answer was lost is not in the copy yet: the machine of a worker that joined meanwhile is kept.
   */
  async #checkIsOver({ worker }: Seen): Promise<void> {
    if (isDeleting({ worker })) return;
    const { name, uid, resourceVersion } = worker.metadata;
    const now = (await this.#sources.kinds.workers.live(name).catch(absent))?.metadata;
    if (now?.uid !== uid || now.resourceVersion !== resourceVersion) throw behind(`what BurstWorker ${name} says now`);
  }

  /**
   * Asked of the API server: the Nodes that were born as this machine, and the one that has, or would have, its name. Where
   * nobody saw it join, it may have done so as a Node that was there before, of any name by now: then all are asked for.
   */
  async #doubtNow({ worker, node }: Seen): Promise<string | undefined> {
    const { nodes } = this.#sources.kinds;
    const wasSeen = node !== undefined || isRegistered({ worker });
    const born = await nodes.liveList(wasSeen ? { labelSelector: `${LABEL.worker}=${worker.metadata.name}` } : {});
    const name = node?.metadata.name ?? worker.status?.nodeName ?? worker.metadata.name;
    const named = born.find(({ metadata }) => metadata.name === name) ?? (await nodes.live(name).catch(absent));
    const all = [...born.filter(({ metadata }) => metadata.name !== name), ...(named === undefined ? [] : [named])];
    const own = all.filter((each) => machineOf(each) === worker.metadata.uid);
    const doubt = doubtAbout(worker, own, named);
    const unseen = own.find(({ metadata }) => metadata.uid !== node?.metadata.uid);
    if (doubt !== undefined || !isRegistered({ worker })) return doubt;
    if (unseen !== undefined) throw behind(`Node ${unseen.metadata.name}, which is this machine`);
    if (own.some((each) => !isCordoned(each))) throw behind(`that somebody uncordoned Node ${name}`);
    return undefined;
  }

  async #patchNode({ node }: Seen, patchOf: (node: NonNullable<Seen['node']>) => unknown): Promise<void> {
    const patch = node && patchOf(node);
    if (node !== undefined && patch !== undefined) await this.#sources.kinds.nodes.patch(node, patch);
  }

  /** The last step back to the pool: from now on anybody may claim it (contract C2). */
  async #clearClaim({ worker }: Seen): Promise<void> {
    const { uid, resourceVersion } = worker.metadata;
    const spec = { claimRef: null, claimable: true };
    await this.#sources.kinds.workers.patch(worker, { metadata: { uid, resourceVersion }, spec });
  }

  /** Under the version that was judged: a ttl that was raised meanwhile keeps it. */
  async #deleteWorker({ worker }: Seen): Promise<void> {
    const { name, uid, resourceVersion } = worker.metadata;
    await this.#sources.kinds.workers.delete(name, { uid, resourceVersion }).catch(absent);
  }

  /** Under the version whose identity was judged: a Node that changed since stays until it is judged again. */
  async #deleteNode({ node }: Seen): Promise<void> {
    if (node === undefined) return;
    const { name, uid, resourceVersion } = node.metadata;
    await this.#sources.kinds.nodes.delete(name, { uid, resourceVersion }).catch(absent);
  }

  /** Under the version that was seen, so that no finalizer of anybody else is lost. */
  async #setFinalizers({ worker }: Seen, finalizers: readonly string[]): Promise<void> {
    const { uid, resourceVersion } = worker.metadata;
    await this.#sources.kinds.workers.patch(worker, { metadata: { uid, resourceVersion, finalizers } }).catch(absent);
  }
}

const behind = (what: string): Waiting => new Waiting(1_000, 'CopyBehind', `The copy does not know ${what} yet`);

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
