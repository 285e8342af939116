import { API_VERSION } from '@cortex/crds';
import { createClient } from '@cortex/operator/kube/api-client';
import type { KubeClient } from '@cortex/operator/kube/client';
import { isNotFound } from '@cortex/operator/kube/errors';
import { type Draft as AnyDraft, keyOf, type KubeObject, type ResourceType } from '@cortex/operator/kube/object';
import { openTransport, type Transport } from '@cortex/operator/kube/transport';
import { ClusterError } from '../cluster-error.ts';
import type { Change, Changed, ClusterObserver, OpenCluster, Self } from '../cluster-port.ts';
import { Copies } from './copies.ts';
import { type Creatable, type Deletable, type Draft, type KindName, KINDS, type Objects } from '../kinds.ts';
import { kubeConfigOf, namespaceIn, reasonOf } from './kubeconfig.ts';
import type { Lookup } from '../lookups.ts';
import { translated } from './refusals.ts';
import { selfOver } from './self-review.ts';

const FIELD_MANAGER = 'cortex-facade';

/** The cluster of this context of the kubeconfig, or of the pod this runs in. Throws ClusterError when there is none. */
export async function openCluster(context: string | undefined, observer: ClusterObserver = {}): Promise<OpenCluster> {
  try {
    const kubeConfig = kubeConfigOf(context);
    const transport = await openTransport(kubeConfig, { userAgent: 'cortex-facade/0.1.0' });
    return new PooledCluster(transport, namespaceIn(kubeConfig), observer);
  } catch (error) {
    throw new ClusterError('unavailable', `There is no cluster to speak to: ${reasonOf(error)}`, error);
  }
}

/** Calls over pooled connections, and copies that learn from every answer. */
export class PooledCluster implements OpenCluster {
  readonly ready: Promise<void>;
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #client: KubeClient;
  readonly #copies: Copies;

  constructor(transport: Transport, namespace: string, observer: ClusterObserver) {
    this.namespace = namespace;
    this.#transport = transport;
    this.#client = createClient(transport, FIELD_MANAGER);
    this.#copies = new Copies(transport, observer);
    this.ready = this.#copies.ready;
  }

  get outageMs(): number {
    return this.#copies.outageMs;
  }

  async get<K extends KindName>(kind: K, key: string): Promise<Objects[K]> {
    const store = this.#copies.known(kind);
    const before = store.get(key);
    try {
      const object = await this.#client.get(typeOf(kind), key);
      store.learn(object);
      return object;
    } catch (error) {
      // Answers overtake each other: what was made since the question is not gone for its 404.
      if (isNotFound(error) && before !== undefined) store.learnDeleted(key, before.metadata.uid);
      throw translated(error, { verb: 'get', type: KINDS[kind], key });
    }
  }

  async list<K extends KindName>(kind: K): Promise<readonly Objects[K][]> {
    return (await this.#copies.whole(kind)).list();
  }

  async find<K extends KindName>(kind: K, by: Lookup, value: string): Promise<readonly Objects[K][]> {
    return (await this.#copies.whole(kind)).byIndex(by, value);
  }

  async count(kind: KindName, by: Lookup, value: string): Promise<number> {
    return (await this.#copies.whole(kind)).countBy(by, value);
  }

  watch<K extends KindName>(kind: K, key: string, changed: Changed<K>): () => void {
    const store = this.#copies.known(kind);
    const end = store.onChange((each, object) => {
      if (each === key) changed(object, key);
    });
    changed(store.get(key), key);
    return end;
  }

  watchAll(kind: KindName, changed: (key: string, change: Change) => void): () => void {
    return this.#copies
      .known(kind)
      .onChange((key, now, before) =>
        changed(key, now === undefined ? 'deleted' : before === undefined ? 'created' : 'updated'),
      );
  }

  async create<K extends Creatable>(kind: K, draft: Draft<K>): Promise<Objects[K]> {
    const type = typeOf(kind);
    const object = { apiVersion: API_VERSION, kind: type.kind, ...draft } as unknown as AnyDraft<Objects[K]>;
    try {
      const created = await this.#client.create(type, object);
      this.#copies.known(kind).learn(created);
      return created;
    } catch (error) {
      throw translated(error, { verb: 'create', type: KINDS[kind], key: keyOf(draft) });
    }
  }

  async delete(kind: Deletable, key: string, uid: string): Promise<void> {
    try {
      await this.#client.delete<KubeObject>(KINDS[kind], key, { uid });
    } catch (error) {
      throw translated(error, { verb: 'delete', type: KINDS[kind], key });
    }
    // The answer to a DELETE does not say whether the object is gone or waits for a finalizer: reading it does.
    await this.get(kind, key).catch(() => undefined);
  }

  async self(namespaces: readonly string[]): Promise<Self> {
    return await selfOver(this.#transport, namespaces);
  }

  async close(): Promise<void> {
    await this.#copies.close();
    await this.#transport.close();
  }
}

/** The table is right by construction; TypeScript does not follow an index that is itself a parameter. */
const typeOf = <K extends KindName>(kind: K): ResourceType<Objects[K]> => KINDS[kind];
