import type { MachineRecord } from './record.ts';

/** What an image brings. */
export interface ImageFiles {
  readonly kernel?: { readonly vmlinuz: string; readonly initrd: string } | undefined;
}

/** The files of a machine, in its folder. */
export const FILES = {
  record: 'vm.json',
  disk: 'disk.qcow2',
  seed: 'seed.iso',
  console: 'console.log',
  pid: 'pid',
  qmp: 'qmp.sock',
} as const;

/** The drive that holds the seed, as QMP knows it. */
export const SEED_DRIVE = 'seed-drive';

/**
 * How a machine is started: q35, because microvm has no SMBIOS; nothing by default, because probing old devices takes longer
 * than booting; the UUID is the worker's, which its Node reports as systemUUID. The socket's path is
 * relative to its folder, because it has to be short; the pid file's tells one folder's machine from another's.
 */
export function commandOf(
  folder: string,
  { name, workerUid, cpus, memoryMiB }: MachineRecord,
  { kernel }: ImageFiles,
  accelerator: 'kvm' | 'tcg',
  hasSeed: boolean,
): string[] {
  const accelerated = accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,tb-size=32'];
  const seed = `file=${FILES.seed},if=none,id=seed,format=raw,readonly=on,media=cdrom`;
  const firmware = ['-name', name, '-uuid', workerUid, '-M', 'q35', '-nodefaults', '-display', 'none'];
  const size = ['-smp', String(cpus), '-m', String(memoryMiB)];
  const disk = ['-drive', `file=${FILES.disk},if=virtio`];
  const drive = ['-device', 'virtio-scsi-pci', '-drive', seed, '-device', `scsi-cd,drive=seed,id=${SEED_DRIVE}`];
  const network = ['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='];
  const handles = ['-serial', `file:${FILES.console}`, '-qmp', `unix:${FILES.qmp},server=on,wait=off`];
  const life = ['-pidfile', `${folder}/${FILES.pid}`, '-daemonize', '-no-reboot'];
  const seeded = hasSeed ? drive : [];
  return [firmware, accelerated, size, bootOf(kernel), disk, seeded, network, handles, life].flat();
}

const bootOf = (kernel: ImageFiles['kernel']): string[] =>
  kernel === undefined
    ? []
    : ['-kernel', kernel.vmlinuz, '-initrd', kernel.initrd, '-append', 'console=ttyS0 quiet panic=-1'];
