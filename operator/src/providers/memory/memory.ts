import { ProviderError } from '../errors.ts';
import type { Caps, Checkpoint, Finding, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { GRACEFUL } from '../provider.ts';
import { within } from '../within.ts';
import type { MemoryCloud, MemoryMachine, Task } from './cloud.ts';

const ABSENT: VmView = { state: 'absent' };
const LOOK_AGAIN_MS = 1_000;

/** Machines in memory, with tasks and reused ids as a hypervisor has them: for tests that need a provider to go wrong. */
export class MemoryProvider implements VmProvider {
  readonly kind = 'Memory';
  readonly caps: Caps = { seed: 'none', systemUUID: true, list: true, gracefulStop: true, addresses: false };
  readonly #cloud: MemoryCloud;

  constructor(cloud: MemoryCloud) {
    this.#cloud = cloud;
  }

  async check(): Promise<readonly Finding[]> {
    const { room } = this.#cloud.script;
    return room > 0 ? [] : [{ what: 'There is room for no machine', fix: 'make room' }];
  }

  async plan({ workerUid, clusterId }: VmRequest, now: Date): Promise<Checkpoint> {
    return {
      id: await this.#cloud.freeId(),
      uuid: workerUid,
      host: 'host-1',
      attempt: 1,
      providerID: `memory://${clusterId}/${workerUid}`,
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
    };
  }

  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    return await within(signal, () => this.#ensure(request, checkpoint));
  }

  async observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    return await within(signal, async () => {
      const { own, foreign } = await this.#find(owner, checkpoint);
      if (own !== undefined) return viewOf(own);
      return foreign === undefined ? ABSENT : { ...viewOf(foreign), state: 'unknown' };
    });
  }

  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending = GRACEFUL): Promise<Step> {
    return await within(signal, async () => {
      const { own, foreign } = await this.#find(owner, checkpoint);
      if (own !== undefined) return await this.#end(own, checkpoint, ending.graceful ? ending.graceMs : 0);
      if (foreign === undefined) return { vm: ABSENT, checkpoint: withoutTask(checkpoint), done: true };
      const message = `Machine ${foreign.id} is not BurstWorker ${owner.name}'s; nothing of it is touched`;
      throw new ProviderError('Foreign', 'NotOurs', message);
    });
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    const machines = await within(signal, () => this.#cloud.list());
    for (const machine of machines) if (machine.clusterId === clusterId) yield viewOf(machine);
  }

  async #ensure(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const { own, foreign } = await this.#find(request, checkpoint);
    if (own === undefined && foreign !== undefined) return await this.#elsewhere(checkpoint);
    if (own === undefined) return await this.#create(request, withoutTask(checkpoint));
    const found = { ...checkpoint, id: own.id, host: own.host };
    if (own.power === 'creating') return await this.#wait(own, found);
    if (own.power === 'on') return { vm: viewOf(own), checkpoint: withoutTask(found), done: true };
    if (own.power === 'off') await this.#cloud.start(own.id);
    return { vm: viewOf(own), checkpoint: withoutTask(found), done: false, retryAfterMs: LOOK_AGAIN_MS };
  }

  async #create(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const task = await this.#cloud.create(idOf(checkpoint), request, request.size);
    return this.#begun({ state: 'pending', id: idOf(checkpoint) }, checkpoint, task);
  }

  /** Another id, to be written down before anything is made under it. */
  async #elsewhere(checkpoint: Checkpoint): Promise<Step> {
    const next = { ...checkpoint, id: await this.#cloud.freeId(), attempt: (checkpoint.attempt ?? 0) + 1 };
    return { vm: ABSENT, checkpoint: withoutTask(next), done: false, retryAfterMs: 0 };
  }

  /** A task that was begun by somebody who did not live to write it down is simply waited for. */
  async #wait(own: MemoryMachine, checkpoint: Checkpoint): Promise<Step> {
    const { operation } = checkpoint;
    const task = operation === undefined ? undefined : await this.#cloud.task(operation);
    if (task !== undefined) return this.#begun(viewOf(own), checkpoint, task);
    return { vm: viewOf(own), checkpoint, done: false, retryAfterMs: LOOK_AGAIN_MS };
  }

  #begun(vm: VmView, checkpoint: Checkpoint, task: Task): Step {
    return { vm, checkpoint: { ...checkpoint, operation: task.id }, done: false, retryAfterMs: LOOK_AGAIN_MS };
  }

  /** Asked to shut down, then switched off, then destroyed: one call each. */
  async #end(own: MemoryMachine, checkpoint: Checkpoint, graceMs: number): Promise<Step> {
    const step = { vm: { ...viewOf(own), state: 'stopping' as const }, done: false, retryAfterMs: LOOK_AGAIN_MS };
    if (own.power === 'off') {
      await this.#cloud.destroy(own.id);
      return { vm: ABSENT, checkpoint: withoutTask(checkpoint), done: true };
    }
    const task = checkpoint.operation === undefined ? undefined : await this.#cloud.task(checkpoint.operation);
    if (task?.over === false || (task === undefined && own.power === 'stopping')) return { ...step, checkpoint };
    if (own.power === 'on' && graceMs > 0 && task?.ends !== 'failed')
      return this.#begun(step.vm, checkpoint, await this.#cloud.shutDown(own.id, graceMs));
    await this.#cloud.switchOff(own.id);
    return { ...step, checkpoint: withoutTask(checkpoint) };
  }

  /** Under the id, or wherever the marker is: ids are reused, and machines are moved. */
  async #find(owner: Owner, checkpoint: Checkpoint): Promise<{ own?: MemoryMachine; foreign?: MemoryMachine }> {
    const there = await this.#cloud.find(idOf(checkpoint));
    if (there !== undefined && isOurs(there, owner)) return { own: there };
    const own = (await this.#cloud.list()).find((machine) => isOurs(machine, owner));
    return { ...(own === undefined ? {} : { own }), ...(there === undefined ? {} : { foreign: there }) };
  }
}

const isOurs = (machine: MemoryMachine, { clusterId, workerUid }: Owner): boolean =>
  machine.clusterId === clusterId && machine.workerUid === workerUid;

const viewOf = ({ id, host, clusterId, workerUid, power }: MemoryMachine): VmView => ({
  state: STATE[power],
  id,
  host,
  clusterId,
  workerUid,
});

const STATE = { creating: 'pending', on: 'running', off: 'stopped', stopping: 'stopping' } as const;

function withoutTask(checkpoint: Checkpoint): Checkpoint {
  const { operation: _operation, ...rest } = checkpoint;
  return rest;
}

function idOf({ id }: Checkpoint): string {
  if (id !== undefined) return id;
  throw new ProviderError('Invalid', 'NoId', 'the checkpoint names no machine: plan comes first');
}
