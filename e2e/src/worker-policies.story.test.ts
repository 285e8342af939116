import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { applyManifests, type ControlPlane, startControlPlane } from './control-plane/control-plane.ts';
import { joinedNode, type Made } from './system/joined-node.ts';
import { auditName } from './system/identity.ts';
import { install } from './system/system.ts';
import { workerOf } from './system/workloads.ts';

let plane: ControlPlane;

const UID = '0b9d2c44-93a5-4d0e-a3f6-6f1f6a8f3f10';
const OTHER = 'ffffffff-93a5-4d0e-a3f6-6f1f6a8f3f10';
const KEY = 'cortex.automation/worker-uid';
const MARK = `${KEY}=${UID}`;
const operator = `--as=${auditName('cortex-operator')}`;

const node = async (name: string, made: Made): Promise<void> => await joinedNode(plane, name, made);
const kubectl = async (...args: string[]): Promise<string> => await plane.kubectl(args);
const denied = /denied|forbidden/i;

const refused = async (): Promise<boolean> =>
  /deletes only Nodes/.test(await kubectl('delete', 'node', 'probe', '--dry-run=server', operator).catch(String));

beforeAll(async () => {
  plane = await startControlPlane({ name: 'policies' });
  await install(plane);
  await node('probe', {});
  // Policies are in force a moment after they are stored.
  await vi.waitUntil(refused, { timeout: 30_000 });
});
afterAll(() => plane.stop());

describe('S4: the operator deletes', () => {
  test('the Node of a machine it made, however its UUID is written', async () => {
    await node('ours', { machine: UID.toUpperCase(), mark: UID });

    await expect(kubectl('delete', 'node', 'ours', operator)).resolves.toContain('deleted');
  });

  test('the Node whose kubelet registered as that machine, where it knows no UUID', async () => {
    await node('labelled', { mark: UID, labels: { 'cortex.automation/worker-uid': UID } });

    await expect(kubectl('delete', 'node', 'labelled', operator)).resolves.toContain('deleted');
  });

  test.for<[string, Made]>([
    ['one that nobody marked', { machine: UID }],
    ['one marked as another machine', { machine: OTHER, mark: UID }],
    ['one that says no machine', { mark: UID }],
    ['one of the control plane', { machine: UID, mark: UID, labels: { 'node-role.kubernetes.io/control-plane': '' } }],
    ['one of an old control plane', { machine: UID, mark: UID, labels: { 'node-role.kubernetes.io/master': '' } }],
    ['one of etcd', { machine: UID, mark: UID, labels: { 'node-role.kubernetes.io/etcd': 'true' } }],
    ['a permanent one', { machine: UID, mark: UID, labels: { 'worker-type': 'permanent' } }],
  ])('never %s', async ([title, made]) => {
    const name = title.replaceAll(' ', '-');
    await node(name, made);

    await expect(kubectl('delete', 'node', name, operator)).rejects.toThrow(/deletes only Nodes/);
    await expect(kubectl('delete', 'node', name)).resolves.toContain('deleted');
  });
});

describe('S4: a build that skips every look', () => {
  test('cannot delete all Nodes in one call', async () => {
    await expect(kubectl('delete', '--raw', '/api/v1/nodes', operator)).rejects.toThrow(denied);
  });

  test('cannot make a stranger its own first: by its status, by another mark, by birth', async () => {
    await node('victim', { machine: OTHER, mark: OTHER });
    const machine = JSON.stringify({ status: { nodeInfo: { systemUUID: UID } } });
    const born = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'born', labels: { [KEY]: UID } } };

    await expect(
      kubectl('patch', 'node', 'victim', '--subresource=status', '--type=merge', '-p', machine, operator),
    ).rejects.toThrow(denied);
    await expect(kubectl('annotate', 'node', 'victim', MARK, '--overwrite', operator)).rejects.toThrow(denied);
    await expect(plane.kubectl(['create', '-f', '-', operator], { input: JSON.stringify(born) })).rejects.toThrow(
      /given by its kubelet/,
    );
  });

  test('cannot take from a Node first what keeps it', async () => {
    const labels = { 'worker-type': 'permanent', 'node-role.kubernetes.io/control-plane': '' };
    await node('dear', { machine: UID, mark: UID, labels });

    await expect(kubectl('label', 'node', 'dear', 'worker-type-', operator)).rejects.toThrow(denied);
    await expect(kubectl('label', 'node', 'dear', 'node-role.kubernetes.io/control-plane-', operator)).rejects.toThrow(
      denied,
    );
    await expect(kubectl('delete', 'node', 'dear', operator)).rejects.toThrow(/deletes only Nodes/);
  });
});

describe('S4: a lawful life', () => {
  test('is never stopped: a Node joins, is marked, claimed, drained, given back, and deleted', async () => {
    await node('lawful', { machine: UID, labels: { 'cortex.automation/job': '' } });
    const patched = async (of: object) =>
      await kubectl('patch', 'node', 'lawful', '--type=merge', '-p', JSON.stringify(of), operator);
    const job = (value: string) => ({
      metadata: { labels: { 'cortex.automation/job': value, 'worker-type': 'burst' }, annotations: { [KEY]: UID } },
      spec: { taints: [{ key: 'cortex.automation/job', value, effect: 'NoSchedule' }] },
    });

    expect(await patched(job(''))).toContain('patched');
    expect(await patched(job('team.job'))).toContain('patched');
    expect(await kubectl('cordon', 'lawful', operator)).toContain('cordoned');
    expect(await kubectl('uncordon', 'lawful', operator)).toContain('uncordoned');
    expect(await patched(job(''))).toContain('patched');
    expect(await kubectl('delete', 'node', 'lawful', operator)).toContain('deleted');
  });

  test('and its worker is made with its claim, let go, and ended by its user', async () => {
    const claim = 'claimRef: {namespace: a, name: b, uid: c, reclaimPolicy: Delete}';
    await plane.kubectl(['create', '-f', '-', operator], { input: workerOf('claimed', `  ${claim}`) });

    await expect(kubectl('label', 'bw', 'claimed', 'team=a')).resolves.toContain('labeled');
    await expect(kubectl('delete', 'bw', 'claimed', '--wait=false')).resolves.toContain('deleted');
  });
});

describe('S4: the operator marks', () => {
  test('a Node as the machine it is, and no other', async () => {
    await node('joined', { machine: UID });
    await node('stranger', { machine: OTHER });

    await expect(kubectl('annotate', 'node', 'joined', MARK, operator)).resolves.toContain('annotated');
    await expect(kubectl('annotate', 'node', 'stranger', MARK, operator)).rejects.toThrow(/only as the machine it is/);
  });

  test('no Node as a machine by the label that is the kubelet’s', async () => {
    await node('unlabelled', { machine: '' });

    await expect(kubectl('label', 'node', 'unlabelled', MARK, operator)).rejects.toThrow(denied);
  });

  test('no Node of the control plane, be it the machine it says', async () => {
    await node('self', { machine: UID, labels: { 'node-role.kubernetes.io/control-plane': '' } });

    await expect(kubectl('annotate', 'node', 'self', MARK, operator)).rejects.toThrow(/only as the machine it is/);
  });

  test('no permanent Node, nor takes that from it', async () => {
    await node('permanent', { machine: UID, labels: { 'worker-type': 'permanent' } });

    await expect(kubectl('annotate', 'node', 'permanent', MARK, operator)).rejects.toThrow(denied);
    await expect(kubectl('label', 'node', 'permanent', 'worker-type=burst', '--overwrite', operator)).rejects.toThrow(
      /no permanent Node anything else/,
    );
  });

  test('no control-plane Node anything else', async () => {
    await node('control', { labels: { 'node-role.kubernetes.io/control-plane': '' } });
    const stripped = 'node-role.kubernetes.io/control-plane-';

    await expect(kubectl('label', 'node', 'control', stripped, operator)).rejects.toThrow(denied);
  });

  test('C7: but cordons and uncordons any Node', async () => {
    await node('drained', { labels: { 'worker-type': 'permanent', 'node-role.kubernetes.io/control-plane': '' } });

    await expect(kubectl('cordon', 'drained', operator)).resolves.toContain('cordoned');
    await expect(kubectl('uncordon', 'drained', operator)).resolves.toContain('uncordoned');
  });
});

const patch = (of: string) => ['patch', 'bw', of, '--type=merge', '-p'];

describe('S4: a claim', () => {
  const claim = 'claimRef: {namespace: a, name: b, uid: c, reclaimPolicy: Delete}';
  const taken = JSON.stringify({
    spec: { claimRef: { namespace: 'a', name: 'b', uid: 'c', reclaimPolicy: 'Delete' } },
  });
  const freed = JSON.stringify({ spec: { claimRef: null } });

  test('is made, changed and taken back by the operator only', async () => {
    await expect(applyManifests(plane, workerOf('forged', `  ${claim}`))).rejects.toThrow(/by the operator only/);
    await applyManifests(plane, workerOf('hand-made'));

    await expect(kubectl(...patch('hand-made'), taken)).rejects.toThrow(/by the operator only/);
    await expect(kubectl(...patch('hand-made'), taken, operator)).resolves.toContain('patched');
    await expect(kubectl(...patch('hand-made'), freed)).rejects.toThrow(/by the operator only/);
    await expect(kubectl(...patch('hand-made'), '{"spec":{"ttl":"2h"}}')).resolves.toContain('patched');
    await expect(kubectl(...patch('hand-made'), freed, operator)).resolves.toContain('patched');
  });
});

describe('deletionProtection', () => {
  test('refuses a DELETE, whoever asks, until it is lifted', async () => {
    await applyManifests(plane, workerOf('dear', '  deletionProtection: true'));

    await expect(kubectl('delete', 'bw', 'dear')).rejects.toThrow(/BurstWorker dear is protected/);
    await expect(kubectl('delete', 'bw', 'dear', operator)).rejects.toThrow(/BurstWorker dear is protected/);
    await kubectl('patch', 'bw', 'dear', '--type=merge', '-p', '{"spec":{"deletionProtection":false}}');
    await expect(kubectl('delete', 'bw', 'dear')).resolves.toContain('deleted');
  });
});
