import { randomBytes } from 'node:crypto';
import type { KubeClient } from '../../kube/client.ts';
import { ConfigMaps, Secrets } from '../../kube/core.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import { providerError } from '../kwok/refusal.ts';
import type { Owner } from '../provider.ts';
import { secretNameOf, secretOf, spoken, type TokenMode, tokenOf } from './token.ts';

export interface TokensOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly now: () => Date;
}

const KEY = 'cortex-bootstrap-key';

/** Bootstrap tokens: one per worker, made when its seed is, gone when its Node is Ready or its machine goes. */
export class BootstrapTokens {
  readonly #options: TokensOptions;
  #key: Promise<Buffer> | undefined;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** Makes the worker's token valid for so long from now, whatever it was before. */
  async issue(owner: Owner, mode: TokenMode, ttlMs: number): Promise<{ token: string; caHash: string }> {
    const { client, now } = this.#options;
    return await asProvider(async () => {
      const token = tokenOf(await this.#ownKey(), owner.workerUid);
      const draft = secretOf(token, mode, owner.workerUid, owner.name, new Date(now().getTime() + ttlMs));
      await client.create(Secrets, draft).catch(async (error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
        await this.#delete(secretNameOf(token));
        await client.create(Secrets, draft).catch(ifAlreadyExists);
      });
      return spoken(mode, token, await this.#ca());
    });
  }

  /** From then on nobody joins with the worker's token. */
  async revoke({ workerUid }: Pick<Owner, 'workerUid'>): Promise<void> {
    await asProvider(async () => await this.#delete(secretNameOf(tokenOf(await this.#ownKey(), workerUid))));
  }

  async #delete(name: string): Promise<void> {
    await this.#options.client.delete(Secrets, `kube-system/${name}`).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  async #ca(): Promise<string> {
    const { client, namespace } = this.#options;
    return (await client.get(ConfigMaps, `${namespace}/kube-root-ca.crt`)).data?.['ca.crt'] ?? '';
  }

  /** Made once for the installation, and kept in the operator's own namespace. */
  async #ownKey(): Promise<Buffer> {
    this.#key ??= this.#readOrMakeKey();
    try {
      return await this.#key;
    } catch (error) {
      this.#key = undefined;
      throw error;
    }
  }

  async #readOrMakeKey(): Promise<Buffer> {
    const { client, namespace } = this.#options;
    const read = async (): Promise<Buffer> => {
      const { data } = await client.get(Secrets, `${namespace}/${KEY}`);
      return Buffer.from(data?.['key'] ?? '', 'base64');
    };
    try {
      return await read();
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const draft = { apiVersion: 'v1', kind: 'Secret', metadata: { name: KEY, namespace } } as const;
    const data = { key: randomBytes(32).toString('base64') };
    await client.create(Secrets, { ...draft, type: 'Opaque', data }).catch(ifAlreadyExists);
    return await read();
  }
}

async function asProvider<A>(act: () => Promise<A>): Promise<A> {
  try {
    return await act();
  } catch (error) {
    throw providerError(error);
  }
}

const ifAlreadyExists = (error: unknown): undefined => {
  if (!isAlreadyExists(error)) throw error;
  return undefined;
};
