import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Qemu } from '@cortex/crds';
import { ProviderError } from '../errors.ts';
import type { ImageFiles } from './command.ts';

const run = promisify(execFile);
const PROBE_MS = 10_000;

/** Whether there is such an image, and what is in it. Throws Invalid, saying what to do, when there is none. */
export function imageFiles(images: string, image: string): ImageFiles & { readonly base?: string } {
  const at = (file: string): string => join(images, image, file);
  const kernel = existsSync(at('vmlinuz')) ? { vmlinuz: at('vmlinuz'), initrd: at('initrd') } : undefined;
  const base = existsSync(at('disk.qcow2')) ? at('disk.qcow2') : undefined;
  if (kernel === undefined && base === undefined)
    throw new ProviderError(
      'Invalid',
      'ImageMissing',
      `there is no image ${image} in ${images}: put vmlinuz and initrd there, or a disk.qcow2; "make guest" builds the guest of the demo`,
    );
  return { ...(kernel === undefined ? {} : { kernel }), ...(base === undefined ? {} : { base }) };
}

/**
 * What runs a machine's processor. That the device is there, and that QEMU takes it, does not mean that guests boot with it:
 * so one is booted, once, where the image has a kernel to do it with.
 */
export class Accelerators {
  readonly #images: string;
  readonly #wanted: Qemu['accelerator'];
  readonly #found = new Map<string, Promise<'kvm' | 'tcg'>>();

  constructor(images: string, wanted: Qemu['accelerator']) {
    this.#images = images;
    this.#wanted = wanted;
  }

  async for(image: string): Promise<'kvm' | 'tcg'> {
    if (this.#wanted !== 'Auto') return this.#wanted === 'Kvm' ? 'kvm' : 'tcg';
    const found = this.#found.get(image) ?? this.#probe(image);
    this.#found.set(image, found);
    return await found;
  }

  async #probe(image: string): Promise<'kvm' | 'tcg'> {
    if (!hasDevice() || !hasInstructions()) return 'tcg';
    const { kernel } = imageFiles(this.#images, image);
    if (kernel === undefined) return 'kvm';
    const machine = [
      '-M',
      'q35',
      '-nodefaults',
      '-display',
      'none',
      '-accel',
      'kvm',
      '-cpu',
      'host',
      '-m',
      '128',
      '-no-reboot',
    ];
    const boot = ['-kernel', kernel.vmlinuz, '-initrd', kernel.initrd, '-append', 'quiet panic=-1 cortex.probe'];
    return await run('qemu-system-x86_64', [...machine, ...boot], { timeout: PROBE_MS, killSignal: 'SIGKILL' }).then(
      () => 'kvm',
      () => 'tcg',
    );
  }
}

function hasDevice(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const hasInstructions = (): boolean => /^flags\s*:.*\b(?:vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
