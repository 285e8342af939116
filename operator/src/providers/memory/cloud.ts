import { ProviderError } from '../errors.ts';
import { Faults } from '../faults.ts';
import type { Owner } from '../provider.ts';

export interface MemoryMachine extends Pick<Owner, 'clusterId' | 'workerUid' | 'name'> {
  readonly id: string;
  host: string;
  readonly size: { readonly cpu: string; readonly memory: string; readonly disk?: string };
  power: 'creating' | 'on' | 'off' | 'stopping';
  /** Refuses to be destroyed. */
  locked?: boolean;
  /** Its guest ignores that it is asked to shut down. */
  deaf?: boolean;
}

/** Work that takes its time. */
export interface Task {
  readonly id: string;
  readonly kind: 'create' | 'shutDown';
  readonly machine: string;
  readonly endsAt: number;
  /** What it says of itself at its end, and what is then true. */
  readonly ends: 'ok' | 'warnings' | 'failed';
  readonly done: boolean;
  over: boolean;
}

export interface Script {
  /** How long a creation takes, in milliseconds. */
  createMs: number;
  /** What the next creations say at their end, and whether the machine is then there. */
  readonly outcomes: Pick<Task, 'ends' | 'done'>[];
  /** The most machines there is room for. */
  room: number;
}

const NONE: MemoryMachine['size'] = { cpu: '1', memory: '1Gi' };

/** A hypervisor in a map: small numbers as ids, as with those that reuse them, slow tasks, locks, and faults as planned. */
export class MemoryCloud {
  readonly faults = new Faults();
  readonly machines = new Map<string, MemoryMachine>();
  readonly script: Script = { createMs: 1_000, outcomes: [], room: 10_000 };
  readonly #tasks = new Map<string, Task>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  async find(id: string): Promise<MemoryMachine | undefined> {
    return await this.#read(() => this.machines.get(id));
  }

  async list(): Promise<MemoryMachine[]> {
    return await this.#read(() => [...this.machines.values()]);
  }

  async task(id: string): Promise<Task | undefined> {
    return await this.#read(() => this.#tasks.get(id));
  }

  /** The lowest id that nobody has. */
  async freeId(): Promise<string> {
    return await this.#read(() => this.#freeId());
  }

  async create(id: string, owner: Owner, size: MemoryMachine['size']): Promise<Task> {
    return await this.#change(() => {
      if (this.machines.has(id)) throw new ProviderError('Conflict', 'IdTaken', `machine ${id} exists`);
      if (this.machines.size >= this.script.room)
        throw new ProviderError('Capacity', 'NoRoom', `there is room for ${this.script.room} machines`);
      this.#put(id, owner, size, 'creating');
      const outcome = this.script.outcomes.shift() ?? { ends: 'ok', done: true };
      return this.#begin({ kind: 'create', machine: id, ...outcome }, this.script.createMs);
    });
  }

  async start(id: string): Promise<void> {
    await this.#change(() => void (this.#existing(id).power = 'on'));
  }

  /** Asks the guest, which has so long to end. */
  async shutDown(id: string, graceMs: number): Promise<Task> {
    return await this.#change(() => {
      const machine = this.#existing(id);
      const deaf = machine.deaf === true;
      if (!deaf) machine.power = 'stopping';
      return this.#begin({ kind: 'shutDown', machine: id, ends: deaf ? 'failed' : 'ok', done: !deaf }, graceMs);
    });
  }

  async switchOff(id: string): Promise<void> {
    await this.#change(() => void (this.#existing(id).power = 'off'));
  }

  async destroy(id: string): Promise<void> {
    await this.#change(() => {
      const machine = this.#existing(id);
      if (machine.locked === true) throw new ProviderError('Conflict', 'Locked', `machine ${id} is locked`);
      if (machine.power !== 'off') throw new ProviderError('Conflict', 'Running', `machine ${id} is not off`);
      this.machines.delete(id);
    });
  }

  /** Somebody's machine, as if it had always been there. */
  plant(owner: Owner, id = this.#freeId()): MemoryMachine {
    return this.#put(id, owner, NONE, 'on');
  }

  async #read<A>(act: () => A): Promise<A> {
    return await this.faults.around('read', () => structuredClone(this.#settled(act)));
  }

  async #change<A>(act: () => A): Promise<A> {
    return await this.faults.around('change', () => this.#settled(act));
  }

  /** What is due has happened before anybody looks. */
  #settled<A>(act: () => A): A {
    for (const task of this.#tasks.values()) {
      if (task.over || task.endsAt > this.#now().getTime()) continue;
      task.over = true;
      this.#end(task);
    }
    return act();
  }

  #put(id: string, owner: Owner, size: MemoryMachine['size'], power: MemoryMachine['power']): MemoryMachine {
    const { clusterId, workerUid, name } = owner;
    const machine: MemoryMachine = { id, host: 'host-1', clusterId, workerUid, name, size, power };
    this.machines.set(id, machine);
    return machine;
  }

  #begin(what: Pick<Task, 'kind' | 'machine' | 'ends' | 'done'>, ms: number): Task {
    const task = { ...what, id: `task-${this.#tasks.size + 1}`, endsAt: this.#now().getTime() + ms, over: false };
    this.#tasks.set(task.id, task);
    return task;
  }

  #end({ kind, machine: id, done }: Task): void {
    const machine = this.machines.get(id);
    if (machine === undefined) return;
    if (kind === 'create' && !done) this.machines.delete(id);
    if (kind === 'create' && done && machine.power === 'creating') machine.power = 'on';
    if (kind === 'shutDown' && machine.power === 'stopping') machine.power = 'off';
  }

  #existing(id: string): MemoryMachine {
    const machine = this.machines.get(id);
    if (machine === undefined) throw new ProviderError('Transient', 'Vanished', `machine ${id} has vanished`);
    return machine;
  }

  #freeId(): string {
    let id = 100;
    while (this.machines.has(String(id))) id++;
    return String(id);
  }
}
