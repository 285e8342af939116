import type { Proxmox, WorkerPool } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import { OpenedByPool } from '../opened.ts';
import type { VmProvider } from '../provider.ts';
import type { ProviderKind } from '../registry.ts';
import type { SecretReader } from '../secrets.ts';
import { ProxmoxClient, sendOver } from './client.ts';
import { Lanes } from './lanes.ts';
import { ProxmoxProvider } from './proxmox.ts';
import { connect } from './trust.ts';

export interface ProxmoxOptions {
  readonly secrets: Pick<SecretReader, 'value'>;
  /** Puts the guards of its pool around it; `refused` is to be called when the token was. */
  readonly guard: (provider: VmProvider, pool: WorkerPool, endpoint: string, refused: () => void) => VmProvider;
}

/** Until a Secret that holds no token is looked at again. */
const AGE_MS = 30_000;
const TOKEN = /^[^\s:/@]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+=\S+$/;

/** The Proxmox clusters of pools. */
export class ProxmoxKind implements ProviderKind {
  readonly type = 'Proxmox';
  readonly elsewhere = true;
  readonly #options: ProxmoxOptions;
  readonly #opened: OpenedByPool;

  constructor(options: ProxmoxOptions) {
    this.#options = options;
    this.#opened = new OpenedByPool(options.secrets);
  }

  async open(pool: WorkerPool): Promise<VmProvider> {
    const settings = pool.spec.provider?.proxmox;
    if (settings === undefined) throw new ProviderError('Invalid', 'NoSettings', 'provider.proxmox is not set');
    const { url, tls, tokenSecretRef } = settings;
    return await this.#opened.of(pool, tokenSecretRef, (secret, forget) => {
      const accepted = token(secret, settings);
      const dispatcher = connect(tls);
      const client = new ProxmoxClient(sendOver(dispatcher, url, accepted));
      const bare = new ProxmoxProvider({ client, settings, lanes: new Lanes() });
      return { provider: this.#options.guard(bare, pool, new URL(url).host, forget), dispatcher };
    });
  }

  async close(): Promise<void> {
    await this.#opened.close();
  }
}

/** What is no token is never sent, and never said. */
function token(value: string, { tokenSecretRef: { name, key } }: Proxmox): string {
  if (TOKEN.test(value)) return value;
  throw new ProviderError(
    'Unauthorized',
    'TokenUnreadable',
    `key ${key} of Secret ${name} is no API token: it must read USER@REALM!TOKENID=SECRET`,
    { retryAfterMs: AGE_MS },
  );
}
