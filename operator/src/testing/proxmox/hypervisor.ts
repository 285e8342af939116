import { createHash } from 'node:crypto';

export type Config = Record<string, string>;

export interface Machine {
  readonly vmid: number;
  host: string;
  config: Config;
  status: 'running' | 'stopped';
  pool: string | undefined;
  /** Its guest ignores that it is asked to shut down. */
  deaf: boolean;
}

export interface Task {
  readonly upid: string;
  readonly host: string;
  readonly type: string;
  readonly endsAt: number;
  /** What it does at its end; answers its exit status. */
  readonly end: () => string;
  exitstatus: string | undefined;
}

export interface Outcome {
  readonly ms: number;
  readonly exit: string;
  readonly made: boolean;
}

/** What Proxmox says no with. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: Readonly<Record<string, string>> | undefined;

  constructor(status: number, reason: string, errors?: Readonly<Record<string, string>>) {
    super(reason);
    this.status = status;
    this.errors = errors;
  }
}

const GIB = 2 ** 30;

/** The state of a Proxmox cluster: two hosts, a template on each, machines, volumes and tasks on a clock of ours. */
export class Hypervisor {
  readonly hosts = new Map([
    ['host-1', { online: true, mem: GIB, maxmem: 4096 * GIB }],
    ['host-2', { online: true, mem: GIB, maxmem: 64 * GIB }],
  ]);
  readonly machines = new Map<number, Machine>();
  /** Content by volume id. */
  readonly volumes = new Map<string, Buffer>();
  readonly tasks = new Map<string, Task>();
  /** What the next creations come to. */
  readonly outcomes: Outcome[] = [];
  /** How long a guest takes to shut down. */
  guestStopMs = 60_000;
  readonly now: () => Date;
  #created = 0;

  constructor(now: () => Date) {
    this.now = now;
    for (const [vmid, host] of [
      [9001, 'host-1'],
      [9002, 'host-2'],
    ] as const)
      this.put(vmid, host, {
        name: `template-${vmid}`,
        template: '1',
        memory: '512',
        scsi0: `disks:base-${vmid},size=8G`,
      });
  }

  put(vmid: number, host: string, config: Config, pool?: string): Machine {
    const machine: Machine = { vmid, host, config, status: 'stopped', pool, deaf: false };
    this.machines.set(vmid, machine);
    return machine;
  }

  /** What is due has happened before anybody looks. */
  settle(): void {
    for (const task of this.tasks.values()) {
      if (task.exitstatus !== undefined || task.endsAt > this.now().getTime()) continue;
      task.exitstatus = task.end();
    }
  }

  begin(host: string, type: string, id: number | string, user: string, ms: number, end: () => string): string {
    const upid = `UPID:${host}:${hex(++this.#created)}:${hex(this.#created)}:${hex(this.now().getTime() / 1000)}:${type}:${id}:${user}:`;
    this.tasks.set(upid, { upid, host, type, endsAt: this.now().getTime() + ms, end, exitstatus: undefined });
    return upid;
  }

  /** The machine on this host; as Proxmox says it when it is elsewhere or nowhere. */
  on(host: string, vmid: number): Machine {
    const machine = this.machines.get(vmid);
    if (machine?.host === host) return machine;
    throw new Refusal(500, `Configuration file 'nodes/${host}/qemu-server/${vmid}.conf' does not exist`);
  }

  assertOnline(host: string): void {
    const online = this.hosts.get(host)?.online;
    if (online === undefined) throw new Refusal(500, `hostname lookup '${host}' failed`);
    if (!online) throw new Refusal(595, 'No route to host');
  }
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

export const digestOf = (config: Config): string =>
  createHash('sha1')
    .update(
      JSON.stringify(
        Object.keys(config)
          .toSorted()
          .map((key) => [key, config[key]]),
      ),
    )
    .digest('hex');

export function assertUnlocked({ config, vmid }: Machine): void {
  if (config['lock'] !== undefined) throw new Refusal(500, `VM is locked (${config['lock']}) [${vmid}]`);
}
