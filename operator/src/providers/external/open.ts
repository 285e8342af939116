import type { WorkerPool } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import { OpenedByPool } from '../opened.ts';
import type { VmProvider } from '../provider.ts';
import { connect } from '../proxmox/trust.ts';
import type { ProviderKind } from '../registry.ts';
import type { SecretReader } from '../secrets.ts';
import { ExternalClient, sendOver } from './client.ts';
import { ExternalProvider } from './external.ts';

export interface ExternalOptions {
  readonly secrets: Pick<SecretReader, 'value'>;
  readonly now: () => Date;
  /** Puts the guards of its pool around it; `refused` is to be called when the signature was. */
  readonly guard: (provider: VmProvider, pool: WorkerPool, endpoint: string, refused: () => void) => VmProvider;
}

/** The services of pools. */
export class ExternalKind implements ProviderKind {
  readonly type = 'External';
  readonly elsewhere = true;
  readonly #options: ExternalOptions;
  readonly #opened: OpenedByPool;

  constructor(options: ExternalOptions) {
    this.#options = options;
    this.#opened = new OpenedByPool(options.secrets);
  }

  async open(pool: WorkerPool): Promise<VmProvider> {
    const settings = pool.spec.provider?.external;
    if (settings === undefined) throw new ProviderError('Invalid', 'NoSettings', 'provider.external is not set');
    const { now, guard } = this.#options;
    const { url, tls, secretRef } = settings;
    return await this.#opened.of(pool, secretRef, (key, forget) => {
      const dispatcher = connect(tls);
      const bare = new ExternalProvider(new ExternalClient(sendOver(dispatcher, url, key, now)));
      return { provider: guard(bare, pool, new URL(url).host, forget), dispatcher };
    });
  }

  async close(): Promise<void> {
    await this.#opened.close();
  }
}
