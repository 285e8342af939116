import { ProviderError } from '../errors.ts';
import { hashOf, isoImage } from '../iso.ts';
import type { Caps, Checkpoint, Finding, Owner, Step, VmProvider, VmRequest, VmView } from '../provider.ts';
import { GRACEFUL } from '../provider.ts';
import { within } from '../within.ts';
import { FILES } from './command.ts';
import type { HostMachine, QemuHost } from './host.ts';
import { isOurs, recordOf } from './record.ts';
import { refusalOf } from './refusal.ts';

export interface QemuOptions {
  readonly host: QemuHost;
  readonly hostName: string;
  /** What machines boot. */
  readonly image: string;
  readonly now: () => Date;
  readonly check: () => Promise<readonly Finding[]>;
}

const ABSENT: VmView = { state: 'absent' };
const STATE = { new: 'pending', on: 'running', off: 'stopped', silent: 'unknown' } as const;
/** How often the power button is pressed: a guest that is still booting does not hear it. */
const PRESS_AGAIN_MS = 500;
const STARTED_MS = 100;
const POWERDOWN = 'powerdown ';

/** Virtual machines on the operator's own host. Calls that change something: folder, seed, start; power button, plug, folder. */
export class QemuProvider implements VmProvider {
  readonly kind = 'Qemu';
  readonly caps: Caps = { seed: 'iso', systemUUID: true, list: true, gracefulStop: true, addresses: false };
  readonly #options: QemuOptions;

  constructor(options: QemuOptions) {
    this.#options = options;
  }

  async check(signal: AbortSignal): Promise<readonly Finding[]> {
    return await call(signal, () => this.#options.check());
  }

  async plan(request: VmRequest, now: Date): Promise<Checkpoint> {
    return {
      id: request.workerUid,
      uuid: request.workerUid,
      host: this.#options.hostName,
      attempt: 1,
      providerID: `qemu://${this.#options.hostName}/${request.workerUid}`,
      createdAt: `${now.toISOString().slice(0, 19)}Z`,
      ...(request.seed === undefined ? {} : { seed: FILES.seed }),
    };
  }

  async ensure(request: VmRequest, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    return await call(signal, async () => {
      const machine = await this.#options.host.find(idOf(checkpoint));
      return machine === undefined
        ? await this.#create(request, checkpoint)
        : await this.#finish(request, checkpoint, ours(machine, request));
    });
  }

  async observe(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<VmView> {
    return await call(signal, async () => {
      const machine = await this.#options.host.find(idOf(checkpoint));
      if (machine === undefined) return ABSENT;
      const view = this.#view(machine);
      return isOurs(machine.record, owner) ? view : { ...view, state: 'unknown' };
    });
  }

  async remove(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal, ending = GRACEFUL): Promise<Step> {
    const { host } = this.#options;
    return await call(signal, async () => {
      const machine = await host.find(idOf(checkpoint));
      if (machine === undefined) return { vm: ABSENT, checkpoint: bare(checkpoint), done: true };
      const { record, power } = ours(machine, owner);
      if (power === 'on' || power === 'silent')
        return await this.#switchOff(machine, checkpoint, ending.graceful ? ending.graceMs : 0);
      await host.destroy(record.workerUid);
      return { vm: ABSENT, checkpoint: bare(checkpoint), done: true };
    });
  }

  async settle(owner: Owner, checkpoint: Checkpoint, signal: AbortSignal): Promise<Step> {
    return await call(signal, async () => {
      const machine = await this.#options.host.find(idOf(checkpoint));
      if (machine === undefined || !isOurs(machine.record, owner))
        throw new ProviderError('Conflict', 'NotSettled', `machine ${checkpoint.id} is not to be seen now`);
      if (machine.hasSeed) await this.#options.host.dropSeed(machine.record.workerUid);
      const { seed: _seed, ...rest } = checkpoint;
      return { vm: this.#view(machine), checkpoint: rest, done: true };
    });
  }

  async *list(clusterId: string, signal: AbortSignal): AsyncIterable<VmView> {
    const machines = await call(signal, () => this.#options.host.list());
    for (const machine of machines) if (machine.record.clusterId === clusterId) yield this.#view(machine);
  }

  async #create(request: VmRequest, checkpoint: Checkpoint): Promise<Step> {
    const record = recordOf(request, this.#options.image);
    await request.seed?.assertValid(checkpoint);
    const made = await this.#options.host.create(record);
    const vm: VmView = made ? this.#view({ record, power: 'new', hasSeed: false }) : { state: 'unknown' };
    return { vm, checkpoint, done: false, retryAfterMs: 0 };
  }

  async #finish(request: VmRequest, checkpoint: Checkpoint, machine: HostMachine): Promise<Step> {
    const { host } = this.#options;
    const { record, power, hasSeed } = machine;
    const step = { vm: this.#view(machine), checkpoint, done: false, retryAfterMs: 0 };
    if (power === 'on') return { ...step, done: true };
    if (power === 'silent') return { ...step, retryAfterMs: PRESS_AGAIN_MS };
    if (power === 'new' && checkpoint.seed !== undefined && !hasSeed) {
      const image = isoImage((await request.seed?.render(checkpoint)) ?? {});
      await host.putSeed(record.workerUid, image);
      return { ...step, checkpoint: { ...checkpoint, seedHash: hashOf(image) } };
    }
    await host.start(record);
    return { ...step, retryAfterMs: STARTED_MS };
  }

  /** The moment the button was pressed first is written down: a restarted operator does not begin anew. */
  async #switchOff({ record, power }: HostMachine, checkpoint: Checkpoint, graceMs: number): Promise<Step> {
    const { host, now } = this.#options;
    const pressed = Date.parse(checkpoint.operation?.slice(POWERDOWN.length) ?? '');
    const since = Number.isNaN(pressed) ? now().getTime() : pressed;
    const over = now().getTime() - since >= graceMs;
    if (over) await host.switchOff(record.workerUid);
    else if (power === 'on') await host.powerDown(record.workerUid);
    return {
      vm: { ...this.#view({ record, power: 'on', hasSeed: false }), state: 'stopping' },
      checkpoint: { ...checkpoint, operation: `${POWERDOWN}${new Date(since).toISOString()}` },
      done: false,
      retryAfterMs: over ? STARTED_MS : PRESS_AGAIN_MS,
    };
  }

  #view({ record: { clusterId, workerUid }, power }: HostMachine): VmView {
    return { state: STATE[power], id: workerUid, host: this.#options.hostName, clusterId, workerUid };
  }
}

function ours(machine: HostMachine, owner: Owner): HostMachine {
  if (isOurs(machine.record, owner)) return machine;
  const message = `Machine ${machine.record.workerUid} is not BurstWorker ${owner.name}'s; nothing of it is touched`;
  throw new ProviderError('Foreign', 'NotOurs', message);
}

/** What is gone has neither work under way nor a seed. */
function bare(checkpoint: Checkpoint): Checkpoint {
  const { seed: _seed, operation: _operation, ...rest } = checkpoint;
  return rest;
}

async function call<A>(signal: AbortSignal, act: () => Promise<A>): Promise<A> {
  try {
    return await within(signal, act);
  } catch (error) {
    throw refusalOf(error);
  }
}

function idOf({ id }: Checkpoint): string {
  if (id !== undefined && id !== '') return id;
  throw new ProviderError('Invalid', 'NoId', 'the checkpoint names no machine: plan comes first');
}
