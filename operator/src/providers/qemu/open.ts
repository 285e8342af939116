import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkerPool } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import type { Finding, VmProvider } from '../provider.ts';
import type { ProviderKind } from '../registry.ts';
import { Accelerators, imageFiles } from './accelerators.ts';
import { LocalHost } from './host.ts';
import { QemuProvider } from './qemu.ts';

const run = promisify(execFile);

export interface QemuKindOptions {
  /** Where machines are kept. */
  readonly folder: string;
  /** Where images are; below it a folder each. */
  readonly images: string;
  readonly now: () => Date;
  readonly guard: (provider: VmProvider, pool: WorkerPool, endpoint: string) => VmProvider;
}

/** Machines on this host: one provider per pool, made anew when its settings change. */
export class QemuKind implements ProviderKind {
  readonly type = 'Qemu';
  readonly elsewhere = true;
  readonly #options: QemuKindOptions;
  readonly #opened = new Map<string, { readonly generation: number; readonly provider: VmProvider }>();

  constructor(options: QemuKindOptions) {
    this.#options = options;
  }

  async open(pool: WorkerPool): Promise<VmProvider> {
    const { uid, generation = 0 } = pool.metadata;
    const before = this.#opened.get(uid);
    if (before?.generation === generation) return before.provider;
    const { folder, images, now, guard } = this.#options;
    const { image = 'guest', accelerator = 'Auto' } = pool.spec.provider?.qemu ?? {};
    await mkdir(join(folder, 'machines'), { recursive: true, mode: 0o700 }).catch(cannotKeep(folder));
    const host = new LocalHost({ folder, images, accelerators: new Accelerators(images, accelerator) });
    const check = async () => await findings(folder, images, image);
    const provider = guard(new QemuProvider({ host, hostName: hostname(), image, now, check }), pool, `qemu:${folder}`);
    this.#opened.set(uid, { generation, provider });
    return provider;
  }
}

const cannotKeep = (folder: string) => (error: NodeJS.ErrnoException) => {
  const message = `machines cannot be kept in ${folder} (${error.code}): set CORTEX_QEMU_FOLDER to a folder the operator may write to`;
  throw new ProviderError('Unauthorized', 'FolderUnusable', message, { retryAfterMs: 60_000, cause: error });
};

async function findings(folder: string, images: string, image: string): Promise<Finding[]> {
  const missing = await Promise.all(
    ['qemu-system-x86_64', 'qemu-img'].map(async (program): Promise<Finding[]> => {
      const found = await run(program, ['--version']).then(
        () => true,
        () => false,
      );
      return found ? [] : [{ what: `${program} is not installed`, fix: 'apt-get install qemu-system-x86 qemu-utils' }];
    }),
  );
  const writable = await access(folder, constants.W_OK).then(
    () => [],
    () => [{ what: `The operator may not write to ${folder}`, fix: 'set CORTEX_QEMU_FOLDER to another folder' }],
  );
  return [...missing.flat(), ...writable, ...imageFindings(images, image)];
}

function imageFindings(images: string, image: string): Finding[] {
  try {
    imageFiles(images, image);
    return [];
  } catch (error) {
    return [{ code: 'ImageMissing', what: (error as Error).message, fix: 'make guest' }];
  }
}
