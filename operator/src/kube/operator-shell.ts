import dotI, { type OperatorLogger, type ResourceEventType, type ResourceMeta } from '@dot-i/k8s-operator';
import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import { keyOf, type KubeObject, type ResourceType } from './object.ts';

// CommonJS with exports.default: for Node it sits one level down, test runners unwrap it.
const unwrapped = dotI as typeof dotI | typeof dotI.default;
const Base = 'default' in unwrapped ? unwrapped.default : unwrapped;

export interface ShellOptions {
  readonly logger: OperatorLogger;
  readonly kubeConfig: KubeConfig;
  /** Builds and starts everything; runs inside start(). */
  readonly init: () => Promise<void>;
  /** Ends everything that init started. */
  readonly stop: () => Promise<void>;
}

/**
 * The only file that knows @dot-i/k8s-operator. Of it the life cycle (start, init, stop) and the decision about
 * finalizers are used. Its own I/O loses deletions, swallows refused writes and ends the process, so all of it is closed.
 */
export class OperatorShell extends Base {
  readonly #options: ShellOptions;
  readonly #writes = new WeakMap<ResourceMeta, (finalizers: string[]) => Promise<void>>();
  #stopping: Promise<void> | undefined;

  constructor(options: ShellOptions) {
    super(options.logger); // reads the default kubeconfig, without connecting
    this.kubeConfig = options.kubeConfig;
    this.#options = options;
  }

  protected override async init(): Promise<void> {
    await this.#options.init();
  }

  /** Asks everything to end; shutdown() also waits for it. */
  override stop(): void {
    this.shutdown().catch((error: unknown) => this.logger.error(`stopping failed: ${String(error)}`));
  }

  /** Ends everything once, however often it is called, and never the process. */
  async shutdown(): Promise<void> {
    this.#stopping ??= this.#options.stop();
    await this.#stopping;
  }

  /**
   * Puts our finalizer on the object, or, when it is being deleted, cleans up and then takes it off.
   * Returns true when nothing else is to be done for the object; throws 409 when it has changed since it was read.
   */
  async finalize<T extends KubeObject>(
    client: KubeClient,
    type: ResourceType<T>,
    object: T,
    finalizer: string,
    cleanUp: () => Promise<void>,
  ): Promise<boolean> {
    const { name, namespace, resourceVersion } = object.metadata;
    const { apiVersion, kind } = object;
    const scope = namespace === undefined ? {} : { namespace };
    const meta = { id: `${type.plural}.${apiVersion}`, name, ...scope, resourceVersion, apiVersion, kind };
    this.#writes.set(meta, async (finalizers) => {
      await client.patch(type, keyOf(object), { metadata: { resourceVersion, finalizers } });
    });
    // The decision pushes into the finalizers it is given.
    const event = {
      meta,
      type: 'MODIFIED' as ResourceEventType,
      object: structuredClone<KubeObject>(object) as unknown as KubernetesObject,
    };
    return await this.handleResourceFinalizer(event, finalizer, cleanUp);
  }

  protected override async setResourceFinalizers(meta: ResourceMeta, finalizers: string[]): Promise<void> {
    const write = this.#writes.get(meta);
    await (write === undefined ? closed('setResourceFinalizers') : write(finalizers));
  }

  protected override async registerCustomResourceDefinition(): Promise<never> {
    return await closed('registerCustomResourceDefinition');
  }

  protected override getCustomResourceApiUri(): never {
    throw new ClosedError('getCustomResourceApiUri');
  }

  protected override async watchResource(): Promise<void> {
    await closed('watchResource');
  }

  protected override async setResourceStatus(): Promise<ResourceMeta | null> {
    return await closed('setResourceStatus');
  }

  protected override async patchResourceStatus(): Promise<ResourceMeta | null> {
    return await closed('patchResourceStatus');
  }

  protected override async applyAxiosKubeConfigAuth(): Promise<void> {
    await closed('applyAxiosKubeConfigAuth');
  }

  protected override async applyGaxiosKubeConfigAuth(): Promise<void> {
    await closed('applyGaxiosKubeConfigAuth');
  }
}

class ClosedError extends Error {
  constructor(method: string) {
    super(`${method} of @dot-i/k8s-operator is closed: use the transport, the client or a reflector`);
  }
}

const closed = (method: string): Promise<never> => Promise.reject(new ClosedError(method));
