import { type WorkerPool, WorkerPoolSpec } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { ProviderError } from '../errors.ts';
import { Bootstrap } from './bootstrap.ts';

const K3S = `#cloud-config
hostname: {{ hostname }}
write_files:
- path: /etc/rancher/k3s/config.yaml
  content: |
    server: {{ serverURL }}
    token: {{ token }}
    node-label: {{ labels }}
    node-taint: {{ taints }}
    kubelet-arg: [provider-id={{ providerID }}]
`;

const request = {
  clusterId: 'c1',
  workerUid: 'w1',
  name: 'burst-0',
  pool: 'burst',
  size: { cpu: '1500m', memory: '4Gi', disk: '50Gi' },
  labels: { 'cortex.automation/pool': 'burst', 'worker-type': 'burst' },
  annotations: {},
  taints: [{ key: 'cortex.automation/job', value: 'default.job', effect: 'NoSchedule' as const }],
  bootDelayMs: 0,
};
const checkpoint = { id: '30000', uuid: 'w1', attempt: 1, providerID: 'proxmox://w1', host: 'pve' };

function bootstrap(secrets: Record<string, Record<string, string>>, joinToken: object = {}, more: object = {}) {
  const issued: string[] = [];
  const revoked: string[] = [];
  const read = async (name: string) => {
    const values = secrets[name];
    if (values === undefined)
      throw new ProviderError('Unauthorized', 'SecretMissing', `Secret ns/${name} does not exist`);
    return { version: '1', values };
  };
  const room = new Bootstrap({
    secrets: { read, value: async (name, key) => ({ version: '1', value: (await read(name)).values[key] ?? '' }) },
    tokens: {
      issue: async ({ workerUid }, mode, ttlMs) => {
        issued.push(`${workerUid} ${mode} ${ttlMs}`);
        return { token: 'K10abc::a-canary.token', caHash: 'abc' };
      },
      revoke: async ({ workerUid }) => void revoked.push(workerUid),
    },
  });
  const spec = WorkerPoolSpec.parse({
    class: 'Burst',
    provider: { type: 'Qemu' },
    bootstrap: {
      userDataSecretRef: { name: 'join' },
      joinToken: { serverURL: 'https://10.0.0.10:6443', ...joinToken },
      ...more,
    },
  });
  const pool = { spec } as WorkerPool;
  const source = room.seedOf(pool, request);
  if (source === undefined) throw new Error('no seed');
  return { room, pool, source, issued, revoked };
}

test('a K3s agent is told where to join, as whom, with which labels, taints and providerID', async () => {
  const { source, issued } = bootstrap({ join: { 'user-data': K3S } });
  const seed = await source.render(checkpoint);

  expect(seed['user-data']).toBe(`#cloud-config
hostname: burst-0
write_files:
- path: /etc/rancher/k3s/config.yaml
  content: |
    server: https://10.0.0.10:6443
    token: K10abc::a-canary.token
    node-label: ["cortex.automation/pool=burst","worker-type=burst"]
    node-taint: ["cortex.automation/job=default.job:NoSchedule"]
    kubelet-arg: [provider-id=proxmox://w1]
`);
  expect(seed['meta-data']).toBe('instance-id: w1\nlocal-hostname: burst-0\n');
  expect(issued).toEqual(['w1 K3sBootstrap 1800000']);
});

test('28: looking whether a template can be filled in makes no token', async () => {
  const { source, issued } = bootstrap({ join: { 'user-data': K3S } });
  await source.assertValid(checkpoint);

  expect(issued).toEqual([]);
});

test('meta-data and network-config of the user are filled in too', async () => {
  const { source } = bootstrap({
    join: { 'user-data': '#cloud-config\n', 'meta-data': 'id: {{ uid }}', 'network-config': 'name: {{ name | json }}' },
  });

  await expect(source.render(checkpoint)).resolves.toMatchObject({
    'meta-data': 'id: w1',
    'network-config': 'name: "burst-0"',
  });
});

test('values of Secrets are variables; a later Secret wins', async () => {
  const { source } = bootstrap(
    { join: { 'user-data': '#cloud-config\n{{ values.a }} {{ values.b }}' }, one: { a: '1', b: '1' }, two: { b: '2' } },
    {},
    { valuesFrom: [{ secretRef: { name: 'one' } }, { secretRef: { name: 'two' } }] },
  );

  expect((await source.render(checkpoint))['user-data']).toBe('#cloud-config\n1 2');
});

test('a token of the user is used as it is, and is not revoked', async () => {
  const { source, room, pool, issued, revoked } = bootstrap(
    { join: { 'user-data': '#cloud-config\n{{ token }}' }, static: { token: 'mine\n' } },
    { mode: 'Static', staticSecretRef: { name: 'static' } },
  );

  expect((await source.render(checkpoint))['user-data']).toBe('#cloud-config\nmine');
  await room.revoke(pool, request);
  expect([issued, revoked]).toEqual([[], []]);
});

test('28: a token that was made for a worker is revoked', async () => {
  const { room, pool, revoked } = bootstrap({});
  await room.revoke(pool, request);

  expect(revoked).toEqual(['w1']);
});

describe('11: what would not boot is refused before there is a machine', () => {
  test.for<[string, Record<string, string>, object, string]>([
    [
      'no such variable',
      { 'user-data': '#cloud-config\n{{ tokne }}' },
      {},
      'key user-data of Secret join, line 2: there is no variable tokne',
    ],
    [
      'no token in a pool without one',
      { 'user-data': '#cloud-config\n{{ token }}' },
      { joinToken: { mode: 'None' } },
      'there is no variable token',
    ],
    ['no template', {}, {}, 'Secret join has no key user-data'],
    ['no cloud-config', { 'user-data': 'runcmd: []' }, {}, 'must begin with #cloud-config'],
    ['cloud-config for Talos', { 'user-data': '#cloud-config\n' }, { format: 'Talos' }, 'Talos ignores user-data'],
    ['half a Talos config', { 'user-data': 'cluster: {}\n' }, { format: 'Talos' }, 'no Talos machine configuration'],
    ['Ignition that is no JSON', { 'user-data': 'variant: fcos' }, { format: 'Ignition' }, 'is no JSON'],
  ])('%s', async ([, join, more, message]) => {
    const { source } = bootstrap({ join }, {}, more);

    await expect(source.assertValid(checkpoint)).rejects.toMatchObject({
      class: 'Invalid',
      message: expect.stringContaining(message),
    });
  });
});

test('a Talos config is filled in and passed on whole', async () => {
  const worker =
    'version: v1alpha1\nmachine:\n  network:\n    hostname: {{ hostname }}\n  kubelet:\n    extraArgs:\n      provider-id: {{ providerID }}\n';
  const { source } = bootstrap({ join: { 'user-data': worker } }, {}, { format: 'Talos', joinToken: { mode: 'None' } });

  expect((await source.render(checkpoint))['user-data']).toContain(
    'hostname: burst-0\n  kubelet:\n    extraArgs:\n      provider-id: proxmox://w1',
  );
});

test('29: no secret is in what is said of a template that fails', async () => {
  const { source } = bootstrap(
    {
      join: { 'user-data': '#cloud-config\n{{ token }} {{ values.password }} {{ nobody }}' },
      one: { password: 'a-canary' },
    },
    {},
    { valuesFrom: [{ secretRef: { name: 'one' } }] },
  );
  const error = await source.render(checkpoint).catch((thrown: unknown) => thrown);

  expect(String(error)).toContain('there is no variable nobody');
  expect(JSON.stringify([String(error), (error as Error).stack])).not.toContain('canary');
});
