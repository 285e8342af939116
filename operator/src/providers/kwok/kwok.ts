import { type Lease, Leases, type Node, Nodes } from '../../kube/core.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import { ProviderError } from '../errors.ts';
import type { Checkpoint, Finding, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { bornNode } from './node.ts';
import { bootedAt, isOurs, newRecord, RECORDS, viewOf } from './record.ts';

export interface KwokOptions {
  readonly client: KubeClient;
  /** Where the records of machines are kept. */
  readonly namespace: string;
  readonly now: () => Date;
}

const ABSENT: VmView = { state: 'absent' };

/** Machines that KWOK plays: a record and a Node each. For trials, tests and measurements without a hypervisor. */
export class KwokProvider implements VmProvider {
  readonly kind = 'Kwok';
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #now: () => Date;

  constructor({ client, namespace, now }: KwokOptions) {
    this.#client = client;
    this.#namespace = namespace;
    this.#now = now;
  }

  async check(): Promise<readonly Finding[]> {
    try {
      await this.#client.list(Leases, { namespace: this.#namespace, labelSelector: RECORDS });
      return [];
    } catch (error) {
      const what = `Leases in namespace ${this.#namespace} cannot be listed: ${String(error)}`;
      return [{ what, fix: "bind the operator's Role in its namespace" }];
    }
  }

  async plan({ workerUid, clusterId }: VmRequest, now: Date): Promise<Checkpoint> {
    return {
      id: `kwok-${workerUid}`,
      uuid: workerUid,
      host: 'kwok',
      attempt: 1,
      providerID: `kwok://${clusterId}/${workerUid}`,
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
    };
  }

  /** First call: the record. Once it has booted: the Node. */
  async ensure(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const record = await this.#record(checkpoint);
    if (record === undefined) return await this.#create(request, checkpoint);
    this.#refuseForeign(record, request);
    const vm = viewOf(record, this.#now());
    const left = bootedAt(record) - this.#now().getTime();
    if (left > 0) return { vm, checkpoint, done: false, retryAfterMs: left };
    await this.#join(request, checkpoint);
    return { vm, checkpoint, done: true };
  }

  async observe(request: VmRequest, checkpoint: Checkpoint): Promise<VmView> {
    const record = await this.#record(checkpoint);
    if (record === undefined) return ABSENT;
    return isOurs(record, request) ? viewOf(record, this.#now()) : { state: 'unknown', id: record.metadata.name };
  }

  /** The record goes, under the UID that was just read; the Node stays for the operator to remove under its own rules. */
  async remove(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const record = await this.#record(checkpoint);
    if (record === undefined) return { vm: ABSENT, checkpoint, done: true };
    this.#refuseForeign(record, request);
    await this.#client.delete(Leases, this.#key(checkpoint), { uid: record.metadata.uid }).catch(absent);
    return { vm: ABSENT, checkpoint, done: true };
  }

  async *list(clusterId: string): AsyncIterable<VmView> {
    const records = await this.#client.list(Leases, { namespace: this.#namespace, labelSelector: RECORDS });
    for (const record of records) {
      const view = viewOf(record, this.#now());
      if (view.clusterId === clusterId) yield view;
    }
  }

  async #create(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const draft = newRecord(this.#namespace, checkpoint.id ?? '', request, this.#now());
    const made = await this.#client.create(Leases, draft).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
      return undefined;
    });
    const vm = made === undefined ? ({ state: 'pending' } as const) : viewOf(made, this.#now());
    return { vm, checkpoint, done: false, retryAfterMs: request.bootDelayMs };
  }

  /** The kubelet's part. A Node of that name on another machine is never touched. */
  async #join(request: VmRequest, checkpoint: Checkpoint): Promise<void> {
    try {
      await this.#client.create(Nodes, bornNode(request, checkpoint));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const there = await this.#client.get<Node>(Nodes, request.name);
      if (there.status?.nodeInfo?.systemUUID?.toLowerCase() === request.workerUid) return;
      throw new ProviderError('Foreign', 'NodeNameTaken', `Node ${request.name} exists and is another machine; rename or remove it`);
    }
  }

  async #record(checkpoint: Checkpoint): Promise<Lease | undefined> {
    return await this.#client.get(Leases, this.#key(checkpoint)).catch(absent);
  }

  #key({ id }: Checkpoint): string {
    return `${this.#namespace}/${id ?? ''}`;
  }

  #refuseForeign(record: Lease, request: VmRequest): void {
    if (isOurs(record, request)) return;
    throw new ProviderError('Foreign', 'NotOurs', `Machine ${record.metadata.name} is not BurstWorker ${request.name}'s; nothing of it is touched`);
  }
}

const absent = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
  return undefined;
};
