import type { WorkerPool } from '@cortex/crds';
import type { Dispatcher } from 'undici';
import type { VmProvider } from './provider.ts';
import type { SecretReader } from './secrets.ts';

/** A provider, and the connections that it has. */
export interface Connected {
  readonly provider: VmProvider;
  readonly dispatcher: Dispatcher;
}

interface Opened extends Connected {
  readonly madeFrom: string;
  readAt: number;
}

/** How long a secret is used before it is looked at again. */
const AGE_MS = 30_000;

/** The providers of pools that need a secret: one each, made anew when the pool's settings or its secret change. */
export class OpenedByPool {
  readonly #secrets: Pick<SecretReader, 'value'>;
  readonly #opened = new Map<string, Opened>();

  constructor(secrets: Pick<SecretReader, 'value'>) {
    this.#secrets = secrets;
  }

  /** `forget` makes that the secret is read anew before the next call: it was refused. */
  async of(
    { metadata: { uid, generation } }: WorkerPool,
    secretRef: { readonly name: string; readonly key: string },
    make: (secret: string, forget: () => void) => Connected,
  ): Promise<VmProvider> {
    const before = this.#opened.get(uid);
    if (before?.madeFrom.startsWith(`${generation} `) === true && performance.now() - before.readAt < AGE_MS)
      return before.provider;
    const { version, value } = await this.#secrets.value(secretRef.name, secretRef.key);
    const madeFrom = `${generation} ${version}`;
    if (before?.madeFrom === madeFrom) {
      before.readAt = performance.now();
      return before.provider;
    }
    const connected = make(value.trim(), () => this.#forget(uid, madeFrom));
    this.#opened.set(uid, { ...connected, madeFrom, readAt: performance.now() });
    void before?.dispatcher.close();
    return connected.provider;
  }

  /** Lets calls under way end. */
  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(({ dispatcher }) => dispatcher.close()));
    this.#opened.clear();
  }

  #forget(uid: string, madeFrom: string): void {
    const opened = this.#opened.get(uid);
    if (opened?.madeFrom === madeFrom) opened.readAt = Number.NEGATIVE_INFINITY;
  }
}
