import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Accelerators, imageFiles } from './accelerators.ts';
import { commandOf, FILES, SEED_DRIVE } from './command.ts';
import { killMachine, processOf } from './processes.ts';
import { type Qmp, QmpError, talk } from './qmp.ts';
import { MachineRecord } from './record.ts';

const run = promisify(execFile);

export interface HostMachine {
  readonly record: MachineRecord;
  /** `new`: never switched on; `silent`: its process is there but does not answer, or answers as somebody else. */
  readonly power: 'new' | 'on' | 'off' | 'silent';
  readonly hasSeed: boolean;
}

/** Virtual machines on this host, one folder each: what is done with them, each one call. */
export interface QemuHost {
  find(id: string): Promise<HostMachine | undefined>;
  list(): Promise<readonly HostMachine[]>;
  /** Whole or not at all; false when there is such a folder. */
  create(record: MachineRecord): Promise<boolean>;
  putSeed(id: string, image: Buffer): Promise<void>;
  start(record: MachineRecord): Promise<void>;
  /** Presses the power button. */
  powerDown(id: string): Promise<void>;
  /** Pulls the plug. */
  switchOff(id: string): Promise<void>;
  /** Takes the seed out of the machine and deletes it. */
  dropSeed(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
}

export interface HostOptions {
  /** Absolute; `machines` is below it. */
  readonly folder: string;
  readonly images: string;
  readonly accelerators: Accelerators;
  /** For tests: further arguments of QEMU. */
  readonly more?: readonly string[];
}

/** A folder's name that is none of a machine's. */
const HIDDEN = '.';

/** Machines as processes of QEMU that outlive the operator. The folder is what there is: made by one rename, gone by one. */
export class LocalHost implements QemuHost {
  readonly #options: HostOptions;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  async find(id: string): Promise<HostMachine | undefined> {
    const folder = this.#folder(id);
    const text = await readFile(join(folder, FILES.record), 'utf8').catch(ifMissing);
    if (text === undefined) return undefined;
    const record = MachineRecord.parse(JSON.parse(text));
    return { record, power: await power(folder, id), hasSeed: existsSync(join(folder, FILES.seed)) };
  }

  async list(): Promise<readonly HostMachine[]> {
    const names = (await readdir(join(this.#options.folder, 'machines')).catch(ifMissing)) ?? [];
    const machines = await Promise.all(names.filter((name) => !name.startsWith(HIDDEN)).map((id) => this.find(id)));
    return machines.filter((machine) => machine !== undefined);
  }

  async create(record: MachineRecord): Promise<boolean> {
    const folder = this.#folder(record.workerUid);
    const draft = this.#folder(`${HIDDEN}new-${crypto.randomUUID()}`);
    await mkdir(draft, { recursive: true, mode: 0o700 });
    try {
      const { base } = imageFiles(this.#options.images, record.image);
      const backing = base === undefined ? [] : ['-b', await realpath(base), '-F', 'qcow2'];
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, join(draft, FILES.disk), `${record.diskGiB}G`]);
      await writeFile(join(draft, FILES.record), JSON.stringify(record));
      await rename(draft, folder);
      return true;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  async putSeed(id: string, image: Buffer): Promise<void> {
    const draft = join(this.#folder(id), `${FILES.seed}.${crypto.randomUUID()}`);
    await writeFile(draft, image, { mode: 0o600 });
    await rename(draft, join(this.#folder(id), FILES.seed));
  }

  async start(record: MachineRecord): Promise<void> {
    const folder = await realpath(this.#folder(record.workerUid));
    const files = imageFiles(this.#options.images, record.image);
    const accelerator = await this.#options.accelerators.for(record.image);
    const args = commandOf(folder, record, files, accelerator, existsSync(join(folder, FILES.seed)));
    await run('qemu-system-x86_64', [...args, ...(this.#options.more ?? [])], { cwd: folder });
  }

  async powerDown(id: string): Promise<void> {
    await this.#tell(id, (qmp) => qmp.run('system_powerdown'));
  }

  async switchOff(id: string): Promise<void> {
    try {
      await this.#tell(id, async (qmp) => {
        await qmp.run('quit');
        await qmp.ended;
      });
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
      await killMachine(await realpath(this.#folder(id)), id);
    }
  }

  async dropSeed(id: string): Promise<void> {
    await this.#tell(id, (qmp) => qmp.run('eject', { id: SEED_DRIVE, force: true }));
    await rm(join(this.#folder(id), FILES.seed), { force: true });
  }

  async destroy(id: string): Promise<void> {
    const gone = this.#folder(`${HIDDEN}gone-${crypto.randomUUID()}`);
    await rename(this.#folder(id), gone);
    await rm(gone, { recursive: true, force: true });
  }

  /** Says something to the machine, after it has said that it is the one that is meant. */
  async #tell(id: string, speak: (qmp: Qmp) => Promise<unknown>): Promise<void> {
    await talk(join(this.#folder(id), FILES.qmp), async (qmp) => {
      if (!(await isMachine(qmp, id))) throw new QmpError('another machine answers');
      await speak(qmp);
    });
  }

  /** An id is a UUID of ours: it leads nowhere else. */
  #folder(id: string): string {
    if (!/^[.\w-]+$/.test(id) || id === '.' || id === '..') throw new TypeError(`${id} is no machine's name`);
    return join(this.#options.folder, 'machines', id);
  }
}

async function power(folder: string, id: string): Promise<HostMachine['power']> {
  const answers = await talk(join(folder, FILES.qmp), (qmp) => isMachine(qmp, id)).catch(() => false);
  if (answers === true) return 'on';
  if (answers === false || (await processOf(await realpath(folder), id)) !== undefined) return 'silent';
  return existsSync(join(folder, FILES.console)) ? 'off' : 'new';
}

async function isMachine(qmp: Qmp, id: string): Promise<boolean> {
  const { UUID } = await qmp.run<{ UUID: string }>('query-uuid');
  return UUID.toLowerCase() === id.toLowerCase();
}

const TAKEN = new Set(['EEXIST', 'ENOTEMPTY']);

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
};
