import type { Node } from '../../kube/core.ts';
import type { Draft } from '../../kube/object.ts';
import { bornNode } from '../../providers/kwok/node.ts';
import { MemoryCloud } from '../../providers/memory/cloud.ts';
import type { VmRequest } from '../../providers/provider.ts';
import { later, type LineTo } from './line-to.ts';

const BOOT_MS = 1_000;

/** A hypervisor whose machines boot and join, as long as they are on. */
export class BootingCloud extends MemoryCloud {
  readonly #join: (node: Draft<Node>) => void;

  constructor(join: (node: Draft<Node>) => void) {
    super(() => new Date());
    this.#join = join;
  }

  override async create(...[id, owner, size]: Parameters<MemoryCloud['create']>): ReturnType<MemoryCloud['create']> {
    const task = await super.create(id, owner, size);
    void this.#boot(id, owner as VmRequest, this.script.createMs + BOOT_MS);
    return task;
  }

  async #boot(id: string, request: VmRequest, ms: number): Promise<void> {
    await later(ms);
    const isOn = (await this.list()).some((machine) => machine.id === id && machine.power === 'on');
    if (isOn) this.#join(bornNode(request, { providerID: `memory://${request.clusterId}/${request.workerUid}` }));
  }
}

/** The calls of a hypervisor; what else it has is for tests. */
const CALLS: ReadonlySet<unknown> = new Set([
  'find',
  'list',
  'task',
  'freeId',
  'create',
  'start',
  'shutDown',
  'switchOff',
  'destroy',
]);

/** The same hypervisor, at the end of a line on which its calls may be lost as those of the API server may. */
export const atTheEndOf = (line: LineTo, cloud: MemoryCloud): MemoryCloud =>
  new Proxy(cloud, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const act = (...given: unknown[]): unknown => Reflect.apply(member, target, given);
      if (!CALLS.has(name)) return act;
      return async (...given: unknown[]) =>
        await line.call('update', { plural: 'machines' }, String(name), async () => await act(...given));
    },
  });
