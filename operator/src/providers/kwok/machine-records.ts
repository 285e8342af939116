import type { KubeClient } from '../../kube/client.ts';
import { type Lease, Leases, type Node, Nodes } from '../../kube/core.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import type { Draft } from '../../kube/object.ts';
import { ProviderError } from '../errors.ts';
import { within } from '../within.ts';
import { RECORDS } from './record.ts';
import { providerError } from './refusal.ts';

/** The calls that a machine played by KWOK takes, each of them one; refusals come as ProviderErrors. */
export class MachineRecords {
  readonly #client: KubeClient;
  readonly #namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async find(id: string | undefined, signal: AbortSignal): Promise<Lease | undefined> {
    return await call(signal, () => this.#client.get(Leases, this.#key(id)).catch(absent));
  }

  /** Undefined when there is such a record already. */
  async create(draft: Draft<Lease>, signal: AbortSignal): Promise<Lease | undefined> {
    return await call(signal, () => this.#client.create(Leases, draft).catch(taken));
  }

  async patch({ metadata }: Lease, patch: unknown, signal: AbortSignal): Promise<Lease> {
    return await call(signal, () => this.#client.patch(Leases, this.#key(metadata.name), patch));
  }

  /** This very record; another one of its name stays. */
  async delete({ metadata: { name, uid } }: Lease, signal: AbortSignal): Promise<void> {
    await call(signal, () => this.#client.delete(Leases, this.#key(name), { uid }).catch(absent));
  }

  async list(signal: AbortSignal): Promise<Lease[]> {
    const options = { namespace: this.#namespace, labelSelector: RECORDS, signal };
    return await call(signal, () => this.#client.list(Leases, options));
  }

  /** Undefined when there is a Node of that name already. */
  async createNode(draft: Draft<Node>, signal: AbortSignal): Promise<Node | undefined> {
    return await call(signal, () => this.#client.create(Nodes, draft).catch(taken));
  }

  async node(name: string, signal: AbortSignal): Promise<Node> {
    return await call(signal, () => this.#client.get(Nodes, name));
  }

  /** An empty name would be the path of the whole collection. */
  #key(id: string | undefined): string {
    if (id !== undefined && id !== '') return `${this.#namespace}/${id}`;
    throw new ProviderError('Invalid', 'NoId', 'the checkpoint names no machine: plan comes first');
  }
}

async function call<A>(signal: AbortSignal, act: () => Promise<A>): Promise<A> {
  try {
    return await within(signal, act);
  } catch (error) {
    throw providerError(error);
  }
}

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};

const taken = (error: unknown): undefined => {
  if (!isAlreadyExists(error)) throw error;
  return undefined;
};
