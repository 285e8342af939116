import { describe, expect, test } from 'vitest';
import { proxmoxHarness, type ProxmoxHarness, requestOf } from '../../testing/proxmox/harness.ts';
import { official } from '../../testing/proxmox/official.ts';
import { USER } from '../../testing/proxmox/server.ts';
import { all, clear, none, one, patient, planned, raise, running } from '../contract/drive.ts';
import { hashOf } from '../iso.ts';
import { candidate } from './place.ts';

/** Template, or nothing. */
const TEMPLATES = ['9001', '9002'];

const leftOver = async ({ world }: ProxmoxHarness): Promise<string[]> =>
  (await world.machines()).map(({ id }) => id).filter((id) => !TEMPLATES.includes(id));

const rights = ({ server }: ProxmoxHarness): Map<string, readonly string[]> => {
  const acl = server.tokens.get(USER)?.acl;
  if (acl === undefined) throw new Error('no token');
  return acl;
};

describe.skipIf(official === undefined)('what is left', () => {
  test('21: a removed machine leaves no disk, no seed and no machine', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    expect([...harness.server.world.volumes.keys()]).toEqual([`seeds:iso/cortex-${request.workerUid}.iso`]);
    await clear(harness, request, checkpoint);

    expect(await leftOver(harness)).toEqual([]);
    expect(harness.server.world.volumes.size).toBe(0);
  });

  test('11: what cannot be made is Invalid, says what to change, and leaves nothing', async () => {
    const harness = await proxmoxHarness();
    const cases = [
      [{ size: { cpu: '2', memory: '1Mi' } }, 'memory 1Mi is impossible: it must have at least 16Mi'],
      [{ size: { cpu: '2', memory: '4Gi', disk: '1Gi' } }, 'has 8 GiB and cannot shrink to 1'],
      [
        { seed: { assertValid: () => Promise.reject(new Error('unknown variable')), render: async () => ({}) } },
        'unknown variable',
      ],
    ] as const;
    for (const [changed, message] of cases) {
      const request = { ...requestOf(), ...changed };
      const checkpoint = { ...(await harness.provider.plan(requestOf(), harness.now())), uuid: request.workerUid };
      await expect(harness.provider.ensure(request, checkpoint, patient())).rejects.toThrow(message);
    }
    harness.server.world.machines.delete(9001);
    const { request, checkpoint } = await planned(harness);
    await expect(harness.provider.ensure(request, checkpoint, patient())).rejects.toMatchObject({
      class: 'Invalid',
      code: 'TemplateMissing',
      message: expect.stringContaining('template 9001 on host host-1'),
    });

    expect(await leftOver(harness)).toEqual([]);
  });
});

describe.skipIf(official === undefined)("somebody else's machines", () => {
  test('7: an id taken by a machine that the token may not see leads to the next, and that machine stays as it was', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    const hidden = harness.server.world.put(Number(checkpoint.id), 'host-2', { name: 'production' }, 'others');
    const before = JSON.stringify(hidden);
    const { checkpoint: made } = await raise(harness, request, checkpoint);

    expect(made.id).not.toBe(checkpoint.id);
    expect(JSON.stringify(hidden)).toBe(before);
    await expect(harness.provider.remove(request, checkpoint, patient())).rejects.toMatchObject({ class: 'Foreign' });
    await one(harness, request);
  });

  test('25: a copy that somebody made of our machine is theirs', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    const { config } = await machineOf(harness, checkpoint.id);
    const copy = harness.server.world.put(
      777,
      'host-1',
      { ...config, smbios1: `uuid=${crypto.randomUUID()}` },
      'burst',
    );
    const before = JSON.stringify(copy);

    const theirs = { ...checkpoint, id: '777' };
    await expect(harness.provider.remove(request, theirs, patient())).rejects.toMatchObject({ class: 'Foreign' });
    expect((await harness.provider.observe(request, theirs, patient())).state).toBe('unknown');
    expect(JSON.stringify(copy)).toBe(before);
  });

  test('17: a machine that somebody renamed and whose tags they took away is still ours', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    const { config } = await machineOf(harness, checkpoint.id);
    Object.assign(config, { name: 'renamed', tags: 'mine' });

    expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('running');
    await clear(harness, request, checkpoint);
    await none(harness, request);
  });

  test('8: list names no machine for its name, its pool or a tag like ours', async () => {
    const harness = await proxmoxHarness();
    const { request } = await running(harness);
    harness.server.world.put(30_000, 'host-1', { name: request.name, tags: 'cortex', description: 'mine' }, 'burst');

    const views = await all(harness.provider.list(harness.clusterId, patient()));
    expect(views.map(({ workerUid }) => workerUid)).toEqual([request.workerUid]);
  });
});

describe.skipIf(official === undefined)('rights', () => {
  test('15: a right to see that is taken away makes no machine absent, and no second one; given back, all goes on', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    const { checkpoint: written } = await harness.provider.ensure(request, checkpoint, patient());
    harness.pass(5_000);
    const granted = rights(harness).get('/pool/burst') ?? [];
    rights(harness).set('/pool/burst', []);

    expect((await harness.provider.observe(request, written, patient())).state).toBe('unknown');
    for (const call of [
      () => harness.provider.ensure(request, written, patient()),
      () => harness.provider.remove(request, written, patient()),
    ])
      await expect(call()).rejects.toMatchObject({
        class: 'Unauthorized',
        message: expect.stringContaining('lacks VM.Audit on /pool/burst'),
      });
    rights(harness).set('/pool/burst', granted);
    await raise(harness, request, written);
    await one(harness, request);
  });

  test('34: when all machines vanish from sight at once none is said to be gone, and nothing is removed', async () => {
    const harness = await proxmoxHarness();
    const workers = [await running(harness), await running(harness), await running(harness)];
    const granted = rights(harness).get('/pool/burst') ?? [];
    rights(harness).set('/pool/burst', []);
    const before = harness.faults.changes;

    await expect(all(harness.provider.list(harness.clusterId, patient()))).rejects.toMatchObject({
      class: 'Unauthorized',
      message: expect.stringContaining('lacks VM.Audit on /pool/burst'),
    });
    for (const { request, checkpoint } of workers) {
      expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('unknown');
      await expect(harness.provider.remove(request, checkpoint, patient())).rejects.toThrow('VM.Audit on /pool/burst');
    }
    rights(harness).set('/pool/burst', granted);
    expect(harness.faults.changes).toBe(before);
    expect(await all(harness.provider.list(harness.clusterId, patient()))).toHaveLength(3);
  });

  test('a missing privilege is quoted by path and name', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    const granted = rights(harness).get('/pool/burst') ?? [];
    rights(harness).set(
      '/pool/burst',
      granted.filter((privilege) => privilege !== 'VM.Allocate'),
    );

    await expect(harness.provider.ensure(request, checkpoint, patient())).rejects.toMatchObject({
      class: 'Unauthorized',
      code: 'PrivilegeMissing',
      retryAfterMs: 60_000,
      message: expect.stringMatching(/Permission check failed \(\/vms\/\d+, VM\.Allocate\)/),
    });
    expect(await leftOver(harness)).toEqual([]);
  });

  test('the preflight finds each gap, and nothing when the token has what the setup grants', async () => {
    const harness = await proxmoxHarness();
    await expect(harness.provider.check(patient())).resolves.toEqual([]);
    rights(harness).delete('/storage/seeds');
    rights(harness).set('/vms/9002', ['VM.Audit']);

    await expect(harness.provider.check(patient())).resolves.toEqual([
      {
        code: 'PrivilegeMissing',
        what: 'The Proxmox token lacks VM.Clone on /vms/9002, needed to clone the template',
        fix: 'grant a role with VM.Clone on /vms/9002 to the user and to the token',
      },
      {
        code: 'PrivilegeMissing',
        what: 'The Proxmox token lacks Datastore.Audit, Datastore.AllocateTemplate, Datastore.Allocate on /storage/seeds, needed to upload and delete seeds',
        fix: 'grant a role with Datastore.Audit, Datastore.AllocateTemplate, Datastore.Allocate on /storage/seeds to the user and to the token',
      },
    ]);
  });

  test('the preflight finds a host that is down, and a template that is not there', async () => {
    const harness = await proxmoxHarness();
    const { world } = harness.server;
    world.machines.delete(9001);
    const host = world.hosts.get('host-2');
    if (host) host.online = false;

    await expect(harness.provider.check(patient())).resolves.toMatchObject([
      { what: 'Template 9001 is not on host host-1' },
      { what: 'Host host-2 is offline' },
    ]);
  });
});

describe.skipIf(official === undefined)('hosts and ids', () => {
  test('14: a machine on a host that went down is unknown, is not removed, and is not made again', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    const host = harness.server.world.hosts.get('host-1');
    if (host) host.online = false;

    expect((await harness.provider.observe(request, checkpoint, patient())).state).toBe('unknown');
    const down = { class: 'Transient', code: 'HostDown' };
    await expect(harness.provider.ensure(request, checkpoint, patient())).rejects.toMatchObject(down);
    await expect(harness.provider.remove(request, checkpoint, patient())).rejects.toMatchObject(down);
    const views = await all(harness.provider.list(harness.clusterId, patient()));
    expect(views).toMatchObject([{ workerUid: request.workerUid, state: 'unknown' }]);
  });

  test('12: a host that filled up since the plan leads to the next, with its own template, written down first', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    expect(checkpoint.host).toBe('host-1');
    const host = harness.server.world.hosts.get('host-1');
    if (host) host.mem = host.maxmem;
    const step = await harness.provider.ensure(request, checkpoint, patient());
    expect([step.checkpoint.host, harness.faults.changes]).toEqual(['host-2', 0]);

    await raise(harness, request, step.checkpoint);
    expect((await machineOf(harness, step.checkpoint.id)).host).toBe('host-2');
  });

  test('7: when every id of eight is taken there is none, and that is said', async () => {
    const harness = await proxmoxHarness();
    const request = harness.request();
    for (let attempt = 1; attempt <= 8; attempt++) {
      const id = candidate(
        { hosts: [], pool: 'burst', vmids: { from: 30_000, to: 39_999 } },
        request.workerUid,
        attempt,
      );
      harness.server.world.put(id, 'host-2', {}, 'others');
    }

    await expect(harness.provider.plan(request, harness.now())).rejects.toMatchObject({
      class: 'Capacity',
      message: expect.stringContaining('8 ids between 30000 and 39999 are taken'),
    });
  });

  test('two machines are cloned on a host at once; a third waits for its turn without a call', async () => {
    const harness = await proxmoxHarness();
    for (let i = 0; i < 2; i++) {
      const { request, checkpoint } = await planned(harness);
      await harness.provider.ensure(request, checkpoint, patient());
    }
    const { request, checkpoint } = await planned(harness);
    const step = await harness.provider.ensure(request, checkpoint, patient());
    expect([step.vm.state, step.retryAfterMs, harness.faults.changes]).toEqual(['absent', 2_000, 2]);

    harness.pass(2_000);
    await raise(harness, request, checkpoint, () => harness.restarted());
  });
});

describe.skipIf(official === undefined)('tasks', () => {
  test('10: what a task warned of, or failed with, is told', async () => {
    const harness = await proxmoxHarness();
    for (const [ends, notice] of [
      ['warnings', 'WARNINGS: 1'],
      ['failed', 'clone failed: got timeout'],
    ] as const) {
      const { request, checkpoint } = await planned(harness);
      harness.hypervisor.nextCreation({ ends, made: true });
      const begun = await harness.provider.ensure(request, checkpoint, patient());
      harness.pass(1_000);

      expect(await harness.provider.ensure(request, begun.checkpoint, patient())).toMatchObject({ notice });
    }
    const { request, checkpoint } = await planned(harness);
    harness.hypervisor.nextCreation({ ends: 'failed', made: false });
    const begun = await harness.provider.ensure(request, checkpoint, patient());
    harness.pass(1_000);
    expect(await harness.provider.ensure(request, begun.checkpoint, patient())).toMatchObject({
      notice: 'the creation ended without a machine: clone failed: got timeout',
    });
  });

  test('2: the machine has the size, the UUID, the network, the disk and the seed that were asked for', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);

    expect((await machineOf(harness, checkpoint.id)).config).toMatchObject({
      cores: '2',
      memory: '4096',
      net0: 'virtio,bridge=vmbr0',
      protection: '1',
      smbios1: `uuid=${request.workerUid}`,
      scsi0: `disks:vm-${checkpoint.id}-disk-0,size=50G`,
      ide2: `seeds:iso/cortex-${request.workerUid}.iso,media=cdrom`,
    });
    const [iso] = harness.server.world.volumes.values();
    expect(iso?.toString('latin1')).toContain('#cloud-config\n');
    expect(checkpoint.seedHash).toBe(hashOf(iso ?? Buffer.alloc(0)));
  });

  test('28: once its Node has joined the seed is taken out and deleted, and is not put in again', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    let step = await harness.provider.settle?.(request, checkpoint, patient());
    while (step?.done === false) step = await harness.provider.settle?.(request, step.checkpoint, patient());
    const settled = step?.checkpoint ?? checkpoint;

    expect(settled.seed).toBeUndefined();
    expect(harness.server.world.volumes.size).toBe(0);
    expect((await machineOf(harness, checkpoint.id)).config).toMatchObject({ ide2: 'none,media=cdrom' });
    const before = harness.faults.changes;
    expect(await harness.provider.ensure(request, settled, patient())).toMatchObject({ done: true });
    expect(harness.faults.changes).toBe(before);
  });

  test('23: a protection that somebody put back is taken off again, after the machine was looked at', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await running(harness);
    const machine = await one(harness, request);
    await harness.world.switchOff(machine.id);
    await harness.provider.remove(request, checkpoint, patient());
    (await machineOf(harness, checkpoint.id)).config['protection'] = '1';

    await clear(harness, request, checkpoint);
    expect(await leftOver(harness)).toEqual([]);
  });

  test('a configuration that changed since it was read is read again, not overwritten', async () => {
    const harness = await proxmoxHarness();
    const { request, checkpoint } = await planned(harness);
    harness.faults.plan(
      'change',
      'before',
      async () => {
        (await machineOf(harness, checkpoint.id)).config['description'] += 'a note\n';
      },
      2,
    );
    const { checkpoint: written } = await raise(harness, request, checkpoint);

    expect((await machineOf(harness, written.id)).config['description']).toContain('a note');
  });
});

async function machineOf({ server }: ProxmoxHarness, id: string | undefined) {
  server.world.settle();
  const machine = server.world.machines.get(Number(id));
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return machine;
}
