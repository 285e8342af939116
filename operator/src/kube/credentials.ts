import type { KubeConfig } from '@kubernetes/client-node';
import { type Identity, identify } from './identity.ts';

const AGE_MS = 30_000;

/** Tokens and certificates rotate in their files and nothing tells us: they are read again every 30 s, and when forgotten. */
export class Credentials {
  readonly #kubeConfig: KubeConfig;
  #identity: Identity;
  #readAt = performance.now();

  private constructor(kubeConfig: KubeConfig, identity: Identity) {
    this.#kubeConfig = kubeConfig;
    this.#identity = identity;
  }

  /** Throws when the credentials cannot be read. */
  static async of(kubeConfig: KubeConfig): Promise<Credentials> {
    return new Credentials(kubeConfig, await identify(kubeConfig));
  }

  /** Only one caller at a time reads anew (a credential plugin is a process); the others keep what was known. */
  async current(): Promise<Identity> {
    if (performance.now() - this.#readAt < AGE_MS) return this.#identity;
    this.#readAt = performance.now();
    this.#identity = await identify(this.#kubeConfig);
    return this.#identity;
  }

  /** The server did not accept them: read them again before the next call. */
  forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }
}
