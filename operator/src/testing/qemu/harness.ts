import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { Harness, Machine } from '../../providers/contract/harness.ts';
import type { ErrorClass } from '../../providers/errors.ts';
import { Faults, type Sort } from '../../providers/faults.ts';
import type { VmRequest } from '../../providers/provider.ts';
import { Accelerators } from '../../providers/qemu/accelerators.ts';
import { LocalHost, type QemuHost } from '../../providers/qemu/host.ts';
import { processOf } from '../../providers/qemu/processes.ts';
import { QmpError } from '../../providers/qemu/qmp.ts';
import { QemuProvider } from '../../providers/qemu/qemu.ts';
import { MachineRecord } from '../../providers/qemu/record.ts';

/** Why no machine can be started here; undefined when one can. */
export const lacksQemu = ['qemu-system-x86_64', 'qemu-img'].some(
  (program) => spawnSync(program, ['--version']).status !== 0,
)
  ? 'QEMU is not installed: apt-get install qemu-system-x86 qemu-utils'
  : undefined;

const CLUSTER = 'this-cluster';
/** The processor does not run: what a guest does is not what is asked here. */
const PAUSED = ['-S'];

const SORT: Readonly<Record<keyof QemuHost, Sort>> = {
  find: 'read',
  list: 'read',
  create: 'change',
  putSeed: 'change',
  start: 'change',
  powerDown: 'change',
  switchOff: 'change',
  dropSeed: 'change',
  destroy: 'change',
};

/** Faults around each call on the host. Its time is not that of processes: so the plug is pulled only once the process is gone. */
const shaken = (host: QemuHost, faults: Faults, switchOff: QemuHost['switchOff']): QemuHost =>
  new Proxy(host, {
    get:
      (_, name: keyof QemuHost) =>
      async (...args: unknown[]) =>
        await faults.around(
          SORT[name],
          async () =>
            await (name === 'switchOff' ? switchOff : (host[name] as (...all: never[]) => unknown)).apply(
              host,
              args as never,
            ),
        ),
  });

const errno = (code: string): Error => Object.assign(new Error(`${code}: scripted`), { code });

const REFUSALS: readonly (readonly [Error, ErrorClass])[] = [
  [new QmpError('no answer'), 'Transient'],
  [errno('EIO'), 'Transient'],
  [errno('ENOSPC'), 'Capacity'],
  [errno('EACCES'), 'Unauthorized'],
  [errno('EMFILE'), 'Throttled'],
];

export interface QemuHarness extends Harness {
  readonly host: LocalHost;
  /** Where machines are. */
  readonly machines: string;
  /** Its process; throws when it has none, so that no signal goes astray. */
  pidOf(id: string): Promise<number>;
}

/** A folder of its own, and real processes of QEMU in it, which end with the test. */
export function qemuHarness(): QemuHarness {
  let now = Date.parse('2026-01-01T10:00:00Z');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qemu-')));
  const [images, machines] = [join(folder, 'images'), join(folder, 'machines')];
  mkdirSync(machines);
  mkdirSync(join(images, 'blank'), { recursive: true });
  spawnSync('qemu-img', ['create', '-q', '-f', 'qcow2', join(images, 'blank', 'disk.qcow2'), '1M']);
  const host = new LocalHost({ folder, images, accelerators: new Accelerators(images, 'Tcg'), more: PAUSED });
  const faults = new Faults();
  const ended = async (id: string): Promise<void> => {
    await host.switchOff(id);
    await vi.waitFor(async () => expect(await processOf(join(machines, id), id)).toBeUndefined(), { timeout: 10_000 });
  };
  const provider = (skewMs = 0): QemuProvider =>
    new QemuProvider({
      host: shaken(host, faults, ended),
      hostName: 'this-host',
      image: 'blank',
      now: () => new Date(now + skewMs),
      check: async () => [],
    });
  onTestFinished(async () => {
    for (const id of readdirSync(machines)) await ended(id);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    host,
    machines,
    pidOf: async (id) => {
      const pid = await processOf(join(machines, id), id);
      if (pid === undefined) throw new Error(`machine ${id} has no process`);
      return pid;
    },
    provider: provider(),
    restarted: provider,
    faults,
    lost: new QmpError('no answer'),
    refusals: REFUSALS,
    clusterId: CLUSTER,
    request: requestOf,
    now: () => new Date(now),
    pass: (ms) => void (now += ms),
    world: {
      machines: async () => readdirSync(machines).flatMap((id) => (id.startsWith('.') ? [] : machineIn(machines, id))),
      plant: async (owner, id = owner.workerUid) => {
        mkdirSync(join(machines, id));
        const { clusterId, workerUid, name } = owner;
        const record = { clusterId, workerUid, name, image: 'blank', cpus: 1, memoryMiB: 64, diskGiB: 1 };
        writeFileSync(join(machines, id, 'vm.json'), JSON.stringify(record));
        return machineIn(machines, id);
      },
      switchOff: ended,
      destroy: async (id) => {
        await ended(id);
        rmSync(join(machines, id), { recursive: true });
      },
    },
  };
}

const requestOf = (): VmRequest => ({
  clusterId: CLUSTER,
  workerUid: crypto.randomUUID(),
  name: 'worker',
  pool: 'burst',
  size: { cpu: '1', memory: '64Mi', disk: '1Gi' },
  labels: {},
  annotations: {},
  taints: [],
  bootDelayMs: 0,
  seed: { assertValid: async () => undefined, render: async () => ({ 'user-data': 'a-canary-token' }) },
});

/** Equal texts: the same folder, and nothing in it was written since. */
function machineIn(machines: string, id: string): Machine {
  const folder = join(machines, id);
  const { clusterId, workerUid } = MachineRecord.parse(JSON.parse(readFileSync(join(folder, 'vm.json'), 'utf8')));
  const files = readdirSync(folder)
    .filter((file) => file !== 'console.log')
    .toSorted();
  const written = files.map((file) => [file, statSync(join(folder, file)).ino]);
  return { id, clusterId, workerUid, text: JSON.stringify(written) };
}
