import type { KubeClient } from '../../kube/client.ts';
import type { Lease } from '../../kube/core.ts';
import { ProviderError } from '../errors.ts';
import type { Caps, Checkpoint, Finding, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { within } from '../within.ts';
import { missingRights } from './access.ts';
import { MachineRecords } from './machine-records.ts';
import { bornNode, isMachineOf } from './node.ts';
import { bootedAt, isOurs, newRecord, startPatch, viewOf } from './record.ts';
import { providerError } from './refusal.ts';

export interface KwokOptions {
  readonly client: KubeClient;
  /** Where the records of machines are kept. */
  readonly namespace: string;
  readonly now: () => Date;
}

const ABSENT: VmView = { state: 'absent' };
const LOOK_AGAIN_MS = 1_000;

/**
 * Machines that KWOK plays: a record and a Node each. For trials, tests and measurements without a hypervisor.
 * Calls on the API server: look and record, look and Node to make a machine; look and delete to remove it.
 */
export class KwokProvider implements VmProvider {
  readonly kind = 'Kwok';
  readonly caps: Caps = { seed: 'none', systemUUID: true, list: true, gracefulStop: false, addresses: false };
  readonly #options: KwokOptions;
  readonly #records: MachineRecords;

  constructor(options: KwokOptions) {
    this.#options = options;
    this.#records = new MachineRecords(options.client, options.namespace);
  }

  async check(signal: AbortSignal): Promise<readonly Finding[]> {
    const { client, namespace } = this.#options;
    return await within(signal, () => missingRights(client, namespace)).catch((error: unknown) => {
      throw providerError(error);
    });
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

  /** First the record; once it has booted, the Node. */
  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const record = await this.#records.find(checkpoint.id, signal);
    if (record === undefined) return await this.#create(request, checkpoint, signal);
    refuseForeign(record, request);
    const step = { vm: viewOf(record, this.#options.now()), checkpoint, done: false };
    if (step.vm.state === 'unknown') throw unreadable(record);
    if (step.vm.state === 'stopped') return await this.#start(record, request, checkpoint, signal);
    if (step.vm.state !== 'running') return { ...step, retryAfterMs: this.#untilBooted(record) };
    await this.#join(request, checkpoint, signal);
    return { ...step, done: true };
  }

  async observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    const record = await this.#records.find(checkpoint.id, signal);
    if (record === undefined) return ABSENT;
    const view = viewOf(record, this.#options.now());
    return isOurs(record, owner) ? view : { ...view, state: 'unknown' };
  }

  /**
   * The record goes, and nothing else: power off and delete are one for a machine without disks. Its Node stays, played
   * on, until the operator deletes it under its own rules.
   */
  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const record = await this.#records.find(checkpoint.id, signal);
    if (record === undefined) return { vm: ABSENT, checkpoint, done: true };
    refuseForeign(record, owner);
    await this.#records.delete(record, signal);
    const held = (record.metadata.finalizers ?? []).length > 0;
    if (!held) return { vm: ABSENT, checkpoint, done: true };
    const view = viewOf(record, this.#options.now());
    return { vm: { ...view, state: 'stopping' }, checkpoint, done: false, retryAfterMs: LOOK_AGAIN_MS };
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    for (const record of await this.#records.list(signal)) {
      const view = viewOf(record, this.#options.now());
      if (view.clusterId === clusterId) yield view;
    }
  }

  /** A record that is there already is looked at in the next step: it may be ours, from an answer that was lost. */
  async #create(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const { namespace, now } = this.#options;
    const made = await this.#records.create(newRecord(namespace, checkpoint.id ?? '', request, now()), signal);
    if (made === undefined) return { vm: { state: 'unknown' }, checkpoint, done: false, retryAfterMs: 0 };
    return { vm: viewOf(made, now()), checkpoint, done: false, retryAfterMs: request.bootDelayMs };
  }

  async #start(record: Lease, request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    const { now } = this.#options;
    const started = await this.#records.patch(record, startPatch(record, request, now()), signal);
    return { vm: viewOf(started, now()), checkpoint, done: false, retryAfterMs: request.bootDelayMs };
  }

  /** The kubelet's part. A Node of that name on another machine is never touched. */
  async #join(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
    const made = await this.#records.createNode(bornNode(request, checkpoint), signal);
    if (made !== undefined) return;
    const there = await this.#records.node(request.name, signal);
    if (!isMachineOf(there, request.workerUid)) throw nodeNameTaken(request.name);
  }

  /** A record that somebody's finalizer holds back has booted long ago. */
  #untilBooted(record: Lease): number {
    const left = bootedAt(record) - this.#options.now().getTime();
    return left > 0 ? left : LOOK_AGAIN_MS;
  }
}

function refuseForeign(record: Lease, owner: Owner): void {
  if (isOurs(record, owner)) return;
  const message = `Machine ${record.metadata.name} is not BurstWorker ${owner.name}'s; nothing of it is touched`;
  throw new ProviderError('Foreign', 'NotOurs', message);
}

const unreadable = ({ metadata: { namespace, name } }: Lease): ProviderError =>
  new ProviderError(
    'Internal',
    'RecordUnreadable',
    `Lease ${namespace}/${name} was edited and no longer says whether its machine runs; put it right, or delete it`,
  );

const nodeNameTaken = (name: string): ProviderError =>
  new ProviderError('Foreign', 'NodeNameTaken', `Node ${name} exists and is another machine; rename or remove it`);
