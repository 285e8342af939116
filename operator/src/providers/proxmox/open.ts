import type { Proxmox, WorkerPool } from '@cortex/crds';
import type { Dispatcher } from 'undici';
import { ProviderError } from '../errors.ts';
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

interface Opened {
  readonly madeFrom: string;
  readonly provider: VmProvider;
  readonly dispatcher: Dispatcher;
  readAt: number;
}

/** How long a token is used before its Secret is looked at again. */
const AGE_MS = 30_000;
const TOKEN = /^[^\s:/@]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+=\S+$/;

/** The Proxmox clusters of pools: one provider each, made anew when its settings or its token change. */
export class ProxmoxKind implements ProviderKind {
  readonly type = 'Proxmox';
  readonly elsewhere = true;
  readonly #options: ProxmoxOptions;
  readonly #opened = new Map<string, Opened>();

  constructor(options: ProxmoxOptions) {
    this.#options = options;
  }

  async open(pool: WorkerPool): Promise<VmProvider> {
    const settings = pool.spec.provider?.proxmox;
    if (settings === undefined) throw new ProviderError('Invalid', 'NoSettings', 'provider.proxmox is not set');
    const { uid, generation } = pool.metadata;
    const before = this.#opened.get(uid);
    if (before?.madeFrom.startsWith(`${generation} `) === true && performance.now() - before.readAt < AGE_MS)
      return before.provider;
    const { version, value } = await this.#options.secrets.value(
      settings.tokenSecretRef.name,
      settings.tokenSecretRef.key,
    );
    const madeFrom = `${generation} ${version}`;
    if (before?.madeFrom === madeFrom) {
      before.readAt = performance.now();
      return before.provider;
    }
    const opened = this.#make(pool, settings, token(value, settings), madeFrom);
    this.#opened.set(uid, opened);
    void before?.dispatcher.close();
    return opened.provider;
  }

  /** Lets calls under way end. */
  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(({ dispatcher }) => dispatcher.close()));
    this.#opened.clear();
  }

  #make(pool: WorkerPool, settings: Proxmox, secret: string, madeFrom: string): Opened {
    const dispatcher = connect(settings.tls);
    const client = new ProxmoxClient(sendOver(dispatcher, settings.url, secret));
    const bare = new ProxmoxProvider({ client, settings, lanes: new Lanes() });
    const { uid } = pool.metadata;
    const forget = (): void => {
      const opened = this.#opened.get(uid);
      if (opened?.madeFrom === madeFrom) opened.readAt = Number.NEGATIVE_INFINITY;
    };
    const provider = this.#options.guard(bare, pool, new URL(settings.url).host, forget);
    return { madeFrom, provider, dispatcher, readAt: performance.now() };
  }
}

/** What is no token is never sent, and never said. */
function token(value: string, { tokenSecretRef: { name, key } }: Proxmox): string {
  const trimmed = value.trim();
  if (TOKEN.test(trimmed)) return trimmed;
  throw new ProviderError(
    'Unauthorized',
    'TokenUnreadable',
    `key ${key} of Secret ${name} is no API token: it must read USER@REALM!TOKENID=SECRET`,
    { retryAfterMs: AGE_MS },
  );
}
