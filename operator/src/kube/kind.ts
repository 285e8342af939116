import type { DeleteOptions, KubeClient, ListOptions } from './client.ts';
import { type Draft, keyOf, type KubeObject, type ResourceType } from './object.ts';
import type { Store } from './store.ts';

/** One kind: its local copy, and writes whose answers that copy learns at once instead of waiting for the watch. */
export class Kind<T extends KubeObject> {
  readonly store: Store<T>;
  readonly type: ResourceType<T>;
  readonly #client: KubeClient;

  constructor(client: KubeClient, type: ResourceType<T>, store: Store<T>) {
    this.#client = client;
    this.type = type;
    this.store = store;
  }

  get(key: string): T | undefined {
    return this.store.get(key);
  }

  /** From the API server itself: for what is about to be destroyed, and for nothing else. */
  async live(key: string): Promise<T> {
    return await this.#client.get(this.type, key);
  }

  async liveList(selector: Pick<ListOptions, 'fieldSelector' | 'labelSelector'>): Promise<T[]> {
    return await this.#client.list(this.type, selector);
  }

  async create(draft: Draft<T>): Promise<T> {
    return this.#learn(await this.#client.create(this.type, draft));
  }

  /** Replaces the status of the object as it was seen; 409 when it has changed since. */
  async updateStatus(object: T): Promise<T> {
    return this.#learn(await this.#client.updateStatus(this.type, object));
  }

  async patch(object: { metadata: { name: string; namespace?: string } }, patch: unknown): Promise<T> {
    return this.#learn(await this.#client.patch(this.type, keyOf(object), patch));
  }

  /** A part of its status, whatever the rest says meanwhile. */
  async patchStatus(object: { metadata: { name: string; namespace?: string } }, patch: unknown): Promise<T> {
    return this.#learn(await this.#client.patch(this.type, keyOf(object), patch, 'status'));
  }

  /** Its answer is not of this kind, so the copy does not learn it. */
  async patchSubresource(
    object: { metadata: { name: string; namespace?: string } },
    subresource: string,
    patch: unknown,
  ): Promise<KubeObject> {
    return await this.#client.patch<KubeObject>(this.type, keyOf(object), patch, subresource);
  }

  async delete(key: string, options: DeleteOptions): Promise<void> {
    await this.#client.delete(this.type, key, options);
  }

  #learn(object: T): T {
    this.store.learn(object);
    return object;
  }
}
