import type { KubeClient } from '../../kube/client.ts';
import { Nodes } from '../../kube/core.ts';
import { MemoryProvider } from '../../providers/memory/memory.ts';
import type { Checkpoint, Owner, Step } from '../../providers/provider.ts';
import type { JudgedCloud } from './judged-cloud.ts';
import type { Mutation } from './world.ts';

/** Builds that are broken on purpose, each in one interlock; histories must tell every one of them from the true one. */
export const MUTANTS: Readonly<Record<string, Mutation>> = {
  'delete by name: no precondition on the Node': {
    client: (client) => ({
      ...client,
      delete: (type, key, options) =>
        client.delete(type, key, (type as { plural: string }).plural === Nodes.plural ? {} : options),
    }),
  },
  'stale list: the copy instead of the API server': {
    client: (client, kinds) => ({
      ...client,
      get: async (type, key) =>
        (type as { plural: string }).plural === Nodes.plural
          ? ((kinds().nodes.get(key) ?? (await client.get(type, key))) as never)
          : await client.get(type, key),
      list: async (type, options) =>
        (type as { plural: string }).plural === Nodes.plural
          ? (kinds().nodes.store.list().filter(labelled(options?.labelSelector)) as never)
          : await client.list(type, options),
    }),
  },
  'missing marker check: whatever has the id is ours': {
    provider: (cloud) => new CredulousProvider(cloud),
  },
  'eviction without a UID: whatever has the name': {
    client: (client) => ({
      ...client,
      evict: ({ namespace, name }) => client.evict({ namespace, name } as Parameters<KubeClient['evict']>[0]),
    }),
  },
};

const labelled = (selector = '') => {
  const [key = '', value] = selector.split('=');
  return ({ metadata }: { metadata: { labels?: Record<string, string> } }): boolean =>
    selector === '' || metadata.labels?.[key] === value;
};

/** Ends the machine that has the id of the checkpoint, and asks for no marker. */
class CredulousProvider extends MemoryProvider {
  readonly #cloud: JudgedCloud;

  constructor(cloud: JudgedCloud) {
    super(cloud);
    this.#cloud = cloud;
  }

  override async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const there = this.#cloud.machines.get(checkpoint.id ?? '');
    if (there === undefined) return await super.remove(owner, checkpoint, signal);
    await this.#cloud.switchOff(there.id);
    await this.#cloud.destroy(there.id);
    return { vm: { state: 'absent' }, checkpoint, done: true };
  }

  override async observe(
    owner: Owner,
    checkpoint: Checkpoint,
    signal: AbortSignal,
  ): ReturnType<MemoryProvider['observe']> {
    const there = this.#cloud.machines.get(checkpoint.id ?? '');
    return there === undefined ? await super.observe(owner, checkpoint, signal) : { state: 'running', id: there.id };
  }
}
