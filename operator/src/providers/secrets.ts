import type { KubeClient } from '../kube/client.ts';
import { type Secret, Secrets } from '../kube/core.ts';
import { isNotFound } from '../kube/errors.ts';
import { ProviderError } from './errors.ts';
import { providerError } from './kwok/refusal.ts';

/** Secrets change without an event that would be seen: who waits for one looks again by itself. */
const LOOK_AGAIN_MS = 60_000;

/** The Secrets of the operator's own namespace, read when they are needed; nothing of them is kept here. */
export class SecretReader {
  readonly #client: KubeClient;
  readonly #namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /** The texts under all its keys. Throws Unauthorized, naming the Secret, when there is none. */
  async read(name: string): Promise<{ readonly version: string; readonly values: Readonly<Record<string, string>> }> {
    const secret = await this.#client.get<Secret>(Secrets, `${this.#namespace}/${name}`).catch((error: unknown) => {
      if (!isNotFound(error)) throw providerError(error);
      throw missing(`Secret ${this.#namespace}/${name} does not exist: create it`);
    });
    const values = Object.entries(secret.data ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64').toString('utf8'),
    ]);
    return { version: `${secret.metadata.uid}/${secret.metadata.resourceVersion}`, values: Object.fromEntries(values) };
  }

  /** The text under one key. */
  async value(name: string, key: string): Promise<{ readonly version: string; readonly value: string }> {
    const { version, values } = await this.read(name);
    const value = values[key];
    if (value === undefined || value.trim() === '')
      throw missing(`Secret ${this.#namespace}/${name} has no key ${key}: add it`);
    return { version, value };
  }
}

const missing = (message: string): ProviderError =>
  new ProviderError('Unauthorized', 'SecretMissing', message, { retryAfterMs: LOOK_AGAIN_MS });
