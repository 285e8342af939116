import type { Proxmox } from '@cortex/crds';
import { expect, onTestFinished } from 'vitest';
import type { Machine } from '../../providers/contract/harness.ts';
import type { TaskHarness } from '../../providers/contract/tasks.ts';
import type { ErrorClass } from '../../providers/errors.ts';
import { Faults } from '../../providers/faults.ts';
import type { Owner, VmRequest } from '../../providers/provider.ts';
import { ProxmoxClient, type Send, sendOver } from '../../providers/proxmox/client.ts';
import { Lanes } from '../../providers/proxmox/lanes.ts';
import { descriptionOf, markerOf, smbiosOf, tagsOf } from '../../providers/proxmox/marker.ts';
import { ProxmoxProvider } from '../../providers/proxmox/proxmox.ts';
import type { Incoming } from '../../providers/proxmox/refusal.ts';
import { connect } from '../../providers/proxmox/trust.ts';
import { selfSigned } from '../certificate.ts';
import { digestOf, type Machine as Vm } from './hypervisor.ts';
import { ProxmoxServer, USER } from './server.ts';

const GIB = 2 ** 30;
export const CLUSTER = 'this-cluster';

/** An answer that is given in place of the real one. */
class Answered extends Error {
  readonly answer: Incoming;

  constructor(status: number, reason: string) {
    super(reason);
    this.answer = { status, reason, body: '{"data":null}' };
  }
}

const shaken =
  (send: Send, faults: Faults): Send =>
  async (call, signal) => {
    try {
      return await faults.around(call.verb === 'GET' ? 'read' : 'change', () => send(call, signal));
    } catch (error) {
      if (error instanceof Answered) return error.answer;
      throw error;
    }
  };

const REFUSALS: readonly (readonly [Error, ErrorClass])[] = [
  [new Error('other side closed'), 'Transient'],
  [new Answered(401, 'invalid token value!'), 'Unauthorized'],
  [new Answered(429, 'Too Many Requests'), 'Throttled'],
  [new Answered(503, 'Service Unavailable'), 'Transient'],
  [new Answered(500, "can't lock file '/var/lock/qemu-server/lock-1.conf' - got timeout"), 'Conflict'],
];

export const settingsFor = (url: string, certificate: string): Proxmox => ({
  url,
  tokenSecretRef: { name: 'pve', key: 'token' },
  tls: { caBundle: certificate, insecureSkipVerify: false },
  pool: 'burst',
  hosts: [
    { name: 'host-1', template: 9001 },
    { name: 'host-2', template: 9002 },
  ],
  storage: 'disks',
  fullClone: false,
  disk: 'scsi0',
  seedStorage: 'seeds',
  network: { bridge: 'vmbr0' },
  vmids: { from: 30_000, to: 39_999 },
});

export interface ProxmoxHarness extends TaskHarness {
  readonly server: ProxmoxServer;
}

/** A Proxmox of its own, a token of least privilege, and a provider over TLS. */
export async function proxmoxHarness(changed: Partial<Proxmox> = {}): Promise<ProxmoxHarness> {
  let now = Date.parse('2026-01-01T10:00:00Z');
  const certificate = selfSigned('pve');
  const server = await ProxmoxServer.start(() => new Date(now), certificate);
  const dispatcher = connect({ caBundle: certificate.cert, insecureSkipVerify: false });
  onTestFinished(async () => {
    await dispatcher.close();
    await server[Symbol.asyncDispose]();
    expect(server.violations).toEqual([]);
  });
  const faults = new Faults();
  const send = sendOver(dispatcher, server.url, `${USER}=a-canary-secret`);
  const settings = { ...settingsFor(server.url, certificate.cert), ...changed };
  const provider = (): ProxmoxProvider =>
    new ProxmoxProvider({ client: new ProxmoxClient(shaken(send, faults)), settings, lanes: new Lanes() });
  const { world } = server;
  const machine = (id: string): Vm => world.machines.get(Number(id)) as Vm;
  return {
    server,
    provider: provider(),
    restarted: provider,
    faults,
    lost: new Error('other side closed'),
    refusals: REFUSALS,
    clusterId: CLUSTER,
    request: requestOf,
    now: () => new Date(now),
    pass: (ms) => void (now += ms),
    world: {
      machines: async () => [...world.machines.values()].map(asMachine),
      plant: async (owner, id = String(50_000 + world.machines.size)) => {
        const planted = world.put(Number(id), 'host-1', configOf(owner), 'burst');
        planted.status = 'running';
        return asMachine(planted);
      },
      switchOff: async (id) => void (machine(id).status = 'stopped'),
      destroy: async (id) => void world.machines.delete(Number(id)),
    },
    hypervisor: {
      nextCreation({ ms = 1_000, ends = 'ok', made = true }) {
        const exit = { ok: 'OK', warnings: 'WARNINGS: 1', failed: 'clone failed: got timeout' }[ends];
        world.outcomes.push({ ms, exit, made });
      },
      leaveRoom(machines) {
        const used = [...world.machines.values()].reduce((sum, { config }) => sum + Number(config['memory'] ?? 512), 0);
        for (const host of world.hosts.values()) host.maxmem = GIB;
        const first = world.hosts.get('host-1');
        if (first) first.maxmem = used * 2 ** 20 + GIB + machines * 4 * GIB;
      },
      lock(id, locked) {
        const { config } = machine(id);
        if (locked) config['lock'] = 'backup';
        else delete config['lock'];
      },
      deafen: (id) => void (machine(id).deaf = true),
      move: (id, host) => void (machine(id).host = host),
    },
  };
}

export const requestOf = (): VmRequest => ({
  clusterId: CLUSTER,
  workerUid: crypto.randomUUID(),
  name: 'worker',
  pool: 'burst',
  size: { cpu: '2', memory: '4Gi', disk: '50Gi' },
  labels: {},
  annotations: {},
  taints: [],
  bootDelayMs: 0,
  seed: {
    assertValid: async () => undefined,
    render: async () => ({ 'user-data': '#cloud-config\n', 'meta-data': 'instance-id: a\n' }),
  },
});

const configOf = (owner: Owner) => ({
  name: owner.name,
  description: descriptionOf(owner),
  tags: tagsOf(owner),
  smbios1: smbiosOf(owner),
  memory: '512',
});

const asMachine = ({ vmid, host, config, status }: Vm): Machine => ({
  id: String(vmid),
  clusterId: markerOf(config['description'] ?? '')?.clusterId ?? '',
  workerUid: markerOf(config['description'] ?? '')?.workerUid ?? '',
  text: JSON.stringify([host, status, digestOf(config)]),
});
