import { KubeConfig } from '@kubernetes/client-node';
import { createClient } from '@cortex/operator/kube/api-client';
import type { KubeClient } from '@cortex/operator/kube/client';
import type { KubeObject, ResourceType } from '@cortex/operator/kube/object';
import { Reflector } from '@cortex/operator/kube/reflector';
import { Store } from '@cortex/operator/kube/store';
import { openTransport, type Transport } from '@cortex/operator/kube/transport';

/** An administrator's view of a cluster: calls, and kinds that can be waited for. */
export class Cluster {
  readonly client: KubeClient;
  readonly #transport: Transport;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  private constructor(transport: Transport) {
    this.#transport = transport;
    this.client = createClient(transport, 'kubectl');
  }

  static async connect(kubeconfig: string): Promise<Cluster> {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    return new Cluster(await openTransport(config, { userAgent: 'cortex-e2e' }));
  }

  /** A kind, kept up to date until the cluster is closed. */
  async follow<T extends KubeObject>(type: ResourceType<T>): Promise<Followed<T>> {
    const store = new Store<T>();
    const reflector = new Reflector<T>({ transport: this.#transport, type, store });
    this.#running.push(reflector.run(this.#stop.signal));
    await reflector.ready;
    return new Followed(type, store);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    await this.#transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Objects of one kind that a test or a demo waits for, by event and never by sleeping. */
export class Followed<T extends KubeObject> {
  readonly store: Store<T>;
  readonly #type: ResourceType<T>;

  constructor(type: ResourceType<T>, store: Store<T>) {
    this.#type = type;
    this.store = store;
  }

  get(key: string): T | undefined {
    return this.store.get(key);
  }

  /** The object, once this holds of it; throws after the timeout with the object as it then is. */
  async until(key: string, holds: (object: T) => boolean, timeoutMs = 60_000): Promise<T> {
    const seen = () => {
      const object = this.store.get(key);
      return object !== undefined && holds(object) ? object : undefined;
    };
    return await this.eventually(seen, `${this.#type.kind} ${key}`, timeoutMs, () => this.store.get(key));
  }

  async untilGone(key: string, timeoutMs = 60_000): Promise<void> {
    await this.eventually(
      () => (this.store.get(key) === undefined ? true : undefined),
      `${this.#type.kind} ${key} to go`,
      timeoutMs,
      () => this.store.get(key),
    );
  }

  /** The first answer that is not undefined, asked again with every change of the kind. */
  async eventually<A>(
    ask: (objects: readonly T[]) => A | undefined,
    what: string,
    timeoutMs = 60_000,
    shown: () => unknown = () => this.store.list(),
  ): Promise<A> {
    const { promise, resolve, reject } = Promise.withResolvers<A>();
    const look = (): void => {
      const answer = ask(this.store.list());
      if (answer !== undefined) resolve(answer);
    };
    const timer = setTimeout(
      () => reject(new Error(`Waited ${timeoutMs} ms for ${what}; it is now:\n${JSON.stringify(shown(), null, 1)}`)),
      timeoutMs,
    );
    const end = this.store.onChange(look);
    look();
    return await promise.finally(() => {
      clearTimeout(timer);
      end();
    });
  }
}
