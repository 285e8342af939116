import { API_VERSION } from '@cortex/crds';
import { createClient } from '@cortex/operator/kube/api-client';
import type { KubeClient } from '@cortex/operator/kube/client';
import { isNotFound } from '@cortex/operator/kube/errors';
import { type Draft as AnyDraft, keyOf, type KubeObject, type ResourceType } from '@cortex/operator/kube/object';
import { pause } from '@cortex/operator/kube/pause';
import { Reflector } from '@cortex/operator/kube/reflector';
import { Store } from '@cortex/operator/kube/store';
import { openTransport, type Transport } from '@cortex/operator/kube/transport';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterError } from './cluster-error.ts';
import type { Change, Changed, ClusterObserver, OpenCluster, Self } from './cluster-port.ts';
import { type Creatable, type Deletable, type Draft, type KindName, KINDS, type Objects } from './kinds.ts';
import { translated } from './refusals.ts';
import { rightsIn, type RulesReview } from './self-review.ts';
import { trimmed } from './trim.ts';

/** How long a read waits for the first complete copy of a kind. */
const FIRST_COPY_MS = 5_000;
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

const reasonOf = (error: unknown): string => {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `${path ?? 'the kubeconfig'} does not exist; set KUBECONFIG to one that does` : message;
};

function kubeConfigOf(context: string | undefined): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  if (context === undefined) return kubeConfig;
  const contexts = kubeConfig.getContexts().map(({ name }) => name);
  if (!contexts.includes(context))
    throw new Error(`The kubeconfig has no context ${context}. It has: ${contexts.join(', ') || 'none'}`);
  kubeConfig.setCurrentContext(context);
  return kubeConfig;
}

const namespaceIn = (kubeConfig: KubeConfig): string =>
  kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ?? 'default';

/** The copy of one kind, and what keeps it. */
interface Copy<T extends KubeObject> {
  readonly store: Store<T>;
  readonly reflector: Reflector<T>;
  /** Why it cannot be kept at the moment. */
  trouble: ClusterError | undefined;
}

class PooledCluster implements OpenCluster {
  readonly ready: Promise<void>;
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #client: KubeClient;
  readonly #copies: { readonly [K in KindName]: Copy<Objects[K]> };
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[];

  constructor(transport: Transport, namespace: string, observer: ClusterObserver) {
    this.namespace = namespace;
    this.#transport = transport;
    this.#client = createClient(transport, FIELD_MANAGER);
    this.#copies = copiesOver(transport, observer);
    const all = Object.values(this.#copies);
    this.ready = Promise.all(all.map(({ reflector }) => reflector.ready)).then(() => undefined);
    this.#running = all.map(({ reflector }) => reflector.run(this.#stop.signal));
  }

  get outageMs(): number {
    return Math.max(...Object.values(this.#copies).map(({ reflector }) => reflector.outageMs));
  }

  async get<K extends KindName>(kind: K, key: string): Promise<Objects[K]> {
    const { store } = this.#copies[kind];
    try {
      const object = await this.#client.get(typeOf(kind), key);
      store.learn(object);
      return object;
    } catch (error) {
      const known = store.get(key);
      if (isNotFound(error) && known !== undefined) store.learnDeleted(key, known.metadata.uid);
      throw translated(error, { verb: 'get', type: KINDS[kind], key });
    }
  }

  async list<K extends KindName>(kind: K): Promise<readonly Objects[K][]> {
    const copy = this.#copies[kind];
    if (!copy.store.synced && copy.trouble === undefined) await this.#firstCopy(kind);
    if (!copy.store.synced)
      throw copy.trouble ?? new ClusterError('unavailable', `${KINDS[kind].plural} could not be read in time`);
    return copy.store.list();
  }

  async #firstCopy(kind: KindName): Promise<void> {
    const waiting = new AbortController();
    await Promise.race([this.#copies[kind].reflector.ready, pause(FIRST_COPY_MS, waiting.signal)]);
    waiting.abort();
  }

  watch<K extends KindName>(kind: K, key: string, changed: Changed<K>): () => void {
    const { store } = this.#copies[kind];
    const end = store.onChange((each, object) => {
      if (each === key) changed(object, key);
    });
    changed(store.get(key), key);
    return end;
  }

  watchAll(kind: KindName, changed: (key: string, change: Change) => void): () => void {
    return this.#copies[kind].store.onChange((key, now, before) =>
      changed(key, now === undefined ? 'deleted' : before === undefined ? 'created' : 'updated'),
    );
  }

  async create<K extends Creatable>(kind: K, draft: Draft<K>): Promise<Objects[K]> {
    const type = typeOf(kind);
    const object = { apiVersion: API_VERSION, kind: type.kind, ...draft } as unknown as AnyDraft<Objects[K]>;
    try {
      const created = await this.#client.create(type, object);
      this.#copies[kind].store.learn(created);
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
    try {
      const { status } = await this.#ask<{ status: { userInfo: { username: string } } }>(
        'authentication',
        'subject',
        {},
      );
      const reviews = await Promise.all(
        [...new Set(namespaces)].map(
          async (namespace) => await this.#ask<RulesReview>('authorization', 'subjectrules', { spec: { namespace } }),
        ),
      );
      return { user: status.userInfo.username, ...rightsIn(reviews.map((review) => review.status)) };
    } catch (error) {
      throw translated(error, { verb: 'get', type: SELF, key: '' });
    }
  }

  /** Every authenticated user may ask for a review of itself. */
  async #ask<A>(group: string, review: 'subject' | 'subjectrules', body: object): Promise<A> {
    const apiVersion = `${group}.k8s.io/v1`;
    const kind = review === 'subject' ? 'SelfSubjectReview' : 'SelfSubjectRulesReview';
    return await this.#transport.call('POST', `/apis/${apiVersion}/self${review}reviews`, {
      body: { apiVersion, kind, ...body },
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    await this.#transport.close();
  }
}

/** The table is right by construction; TypeScript does not follow an index that is itself a parameter. */
const typeOf = <K extends KindName>(kind: K): ResourceType<Objects[K]> => KINDS[kind];

function copiesOver(transport: Transport, observer: ClusterObserver): { readonly [K in KindName]: Copy<Objects[K]> } {
  const copy = <K extends KindName>(kind: K): Copy<Objects[K]> => {
    const type = typeOf(kind);
    const store = new Store<Objects[K]>({ transform: trimmed });
    const reflector = new Reflector<Objects[K]>({
      transport,
      type,
      store,
      onProblem: (error) => {
        kept.trouble = translated(error, { verb: 'watch', type: KINDS[kind], key: '' });
        observer.trouble?.(type.plural, kept.trouble);
      },
      onRecovered: (ms) => {
        kept.trouble = undefined;
        observer.recovered?.(type.plural, ms);
      },
    });
    const kept: Copy<Objects[K]> = { store, reflector, trouble: undefined };
    return kept;
  };
  return {
    allocations: copy('allocations'),
    workers: copy('workers'),
    pools: copy('pools'),
    drains: copy('drains'),
    servers: copy('servers'),
    wishes: copy('wishes'),
  };
}

const SELF = { kind: 'Review', plural: 'selfsubjectrulesreviews', group: 'authorization.k8s.io', namespaced: false };
