import { type Config, digestOf, type Hypervisor, type Machine, Refusal, assertUnlocked } from './hypervisor.ts';

export type Given = Readonly<Record<string, string>>;

/** A method: what it does with its parameters, for a user; the answer is its `data`. */
export type Act = (given: Given, user: string) => unknown;

const START_MS = 500;
const STOP_MS = 500;

const VM = '/nodes/{node}/qemu/{vmid}';

/** The methods that are about one machine. */
export function machineCalls(world: Hypervisor): Record<string, Act> {
  const machineOf = ({ node = '', vmid }: Given): Machine => world.on(node, Number(vmid));
  return {
    [`POST ${VM}/clone`]: (given, user) => clone(world, given, user),
    'POST /nodes/{node}/qemu': (given, user) => create(world, given, user),
    [`GET ${VM}/config`]: (given) => {
      const { config } = machineOf(given);
      return { ...config, digest: digestOf(config) };
    },
    [`PUT ${VM}/config`]: (given) => configure(world, machineOf(given), given),
    [`PUT ${VM}/resize`]: (given, user) => {
      const machine = machineOf(given);
      assertUnlocked(machine);
      const { disk = '', size = '' } = given;
      const line = machine.config[disk];
      if (line === undefined) throw new Refusal(500, `disk '${disk}' does not exist`);
      machine.config[disk] = line.replace(/size=\w+/, `size=${size}`);
      return world.begin(machine.host, 'resize', machine.vmid, user, 0, () => 'OK');
    },
    [`GET ${VM}/status/current`]: (given) => {
      const { vmid, status, config } = machineOf(given);
      return { vmid, status, name: config['name'], tags: config['tags'], lock: config['lock'] };
    },
    [`POST ${VM}/status/start`]: (given, user) => start(world, machineOf(given), user),
    [`POST ${VM}/status/shutdown`]: (given, user) =>
      shutdown(world, machineOf(given), Number(given['timeout']) * 1000, user),
    [`POST ${VM}/status/stop`]: (given, user) => {
      const machine = machineOf(given);
      assertUnlocked(machine);
      return world.begin(machine.host, 'qmstop', machine.vmid, user, STOP_MS, () => {
        machine.status = 'stopped';
        return 'OK';
      });
    },
    [`DELETE ${VM}`]: (given, user) => destroy(world, machineOf(given), user),
  };
}

function assertNew(world: Hypervisor, vmid: number): void {
  const there = world.machines.get(vmid);
  if (there !== undefined)
    throw new Refusal(500, `unable to create VM ${vmid} - VM ${vmid} already exists on node '${there.host}'`);
}

/** A clone has no name, no description and no pool until it is done. */
function clone(world: Hypervisor, given: Given, user: string): string {
  const { node = '', vmid, newid, name = '', description = '', pool } = given;
  const template = world.on(node, Number(vmid));
  const id = Number(newid);
  assertNew(world, id);
  const machine = world.put(id, node, { lock: 'clone' });
  return creation(world, machine, 'qmclone', template.vmid, user, () => {
    const { template: _template, ...inherited } = template.config;
    const disk = `disks:vm-${id}-disk-0,size=8G`;
    machine.config = { ...inherited, name, description, smbios1: `uuid=${crypto.randomUUID()}`, scsi0: disk };
    machine.pool = pool;
  });
}

const NO_CONFIG = new Set(['node', 'vmid', 'pool', 'digest']);
const configIn = (given: Given): Config =>
  Object.fromEntries(Object.entries(given).filter(([key]) => !NO_CONFIG.has(key)));

function create(world: Hypervisor, given: Given, user: string): string {
  const id = Number(given['vmid']);
  assertNew(world, id);
  const machine = world.put(id, given['node'] ?? '', { lock: 'create' });
  return creation(world, machine, 'qmcreate', id, user, () => {
    machine.config = { ...configIn(given), scsi0: `disks:vm-${id}-disk-0,size=8G` };
    machine.pool = given['pool'];
  });
}

function creation(
  world: Hypervisor,
  machine: Machine,
  type: string,
  id: number,
  user: string,
  made: () => void,
): string {
  const outcome = world.outcomes.shift() ?? { ms: 1_000, exit: 'OK', made: true };
  return world.begin(machine.host, type, id, user, outcome.ms, () => {
    if (outcome.made) made();
    else world.machines.delete(machine.vmid);
    return outcome.exit;
  });
}

function configure(world: Hypervisor, machine: Machine, given: Given): null {
  const { digest, ide2 } = given;
  assertUnlocked(machine);
  if (digest !== undefined && digest !== digestOf(machine.config))
    throw new Refusal(500, 'detected modified configuration - file changed by other user? Try again.');
  const [volume = ''] = ide2?.split(',') ?? [];
  if (volume !== '' && volume !== 'none' && !world.volumes.has(volume))
    throw new Refusal(500, `volume '${volume}' does not exist`);
  Object.assign(machine.config, configIn(given));
  return null;
}

function start(world: Hypervisor, machine: Machine, user: string): string {
  assertUnlocked(machine);
  return world.begin(machine.host, 'qmstart', machine.vmid, user, START_MS, () => {
    if (machine.status === 'running') return `VM ${machine.vmid} already running`;
    machine.status = 'running';
    return 'OK';
  });
}

function shutdown(world: Hypervisor, machine: Machine, timeoutMs: number, user: string): string {
  assertUnlocked(machine);
  const ends = !machine.deaf && world.guestStopMs <= timeoutMs;
  const ms = ends ? world.guestStopMs : timeoutMs;
  return world.begin(machine.host, 'qmshutdown', machine.vmid, user, ms, () => {
    if (!ends) return 'VM quit/powerdown failed - got timeout';
    machine.status = 'stopped';
    return 'OK';
  });
}

/** It leaves its pool, and its configuration with it, before its disks are gone. */
function destroy(world: Hypervisor, machine: Machine, user: string): string {
  assertUnlocked(machine);
  if (machine.config['protection'] === '1')
    throw new Refusal(500, `can't remove VM ${machine.vmid} - protection mode enabled`);
  if (machine.status === 'running') throw new Refusal(500, `VM ${machine.vmid} is running - destroy failed`);
  machine.config = { lock: 'destroyed' };
  machine.pool = undefined;
  return world.begin(machine.host, 'qmdestroy', machine.vmid, user, STOP_MS, () => {
    world.machines.delete(machine.vmid);
    return 'OK';
  });
}
