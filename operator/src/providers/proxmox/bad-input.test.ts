import type { Proxmox } from '@cortex/crds';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Machines } from '../../burst-worker/machines.ts';
import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import type { Stalled, Waiting } from '../../runtime/outcome.ts';
import { selfSigned } from '../../testing/certificate.ts';
import { settingsFor } from '../../testing/proxmox/harness.ts';
import { official } from '../../testing/proxmox/official.ts';
import { ProxmoxServer, USER } from '../../testing/proxmox/server.ts';
import { aPool, aWorker } from '../../testing/workers.ts';
import { Scout } from '../../worker-pool/scout.ts';
import { Bootstrap } from '../bootstrap/bootstrap.ts';
import { Breaker } from '../breaker.ts';
import { Budget } from '../budget.ts';
import { GuardedProvider } from '../guarded.ts';
import { Providers } from '../registry.ts';
import { SecretReader } from '../secrets.ts';
import { ProxmoxKind } from './open.ts';

const TEMPLATES = 2;

/** A pool of a Proxmox cluster, the Secrets it names, and what the operator asks of both, as main.ts puts it together. */
async function scene() {
  const certificate = selfSigned('pve');
  const server = await ProxmoxServer.start(() => new Date(), certificate);
  const texts: Record<string, Record<string, string>> = {
    pve: { token: `${USER}=a-canary-secret` },
    join: { 'user-data': '#cloud-config\nhostname: {{ hostname }}\n' },
  };
  const get = async (_: unknown, key: string) => {
    const data = texts[key.replace('cortex-system/', '')];
    if (data === undefined)
      throw new KubeError('GET', { status: 404, reason: 'NotFound', message: `${key} not found` });
    const encoded = Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString('base64')]);
    return { metadata: { uid: key, resourceVersion: '1' }, data: Object.fromEntries(encoded) };
  };
  const secrets = new SecretReader({ get } as unknown as KubeClient, 'cortex-system');
  const kind = new ProxmoxKind({
    secrets,
    guard: (provider, { spec }, endpoint, refused) =>
      new GuardedProvider(provider, {
        breaker: new Breaker(endpoint),
        budget: new Budget(),
        limits: { inFlight: 5, machines: spec.provider?.proxmox?.maxMachines },
        called: () => undefined,
        refused,
      }),
  });
  onTestFinished(async () => {
    await kind.close();
    await server[Symbol.asyncDispose]();
  });
  const settings: Proxmox = settingsFor(server.url, certificate.cert);
  const spec = {
    provider: { type: 'Proxmox', proxmox: settings },
    sizes: [{ name: 'medium', cpu: '4', memory: '8Gi', disk: '100Gi' }],
    bootstrap: { userDataSecretRef: { name: 'join' }, joinToken: { mode: 'None' } },
  };
  return { server, texts, spec, kind, bootstrap: new Bootstrap({ secrets, tokens: NO_TOKENS }) };
}

const now = () => new Date();
const NO_TOKENS = { issue: async () => ({ token: '', caHash: '' }), revoke: async () => undefined };
type Scene = Awaited<ReturnType<typeof scene>>;

/** What its pool and a worker of it then say: a word and a sentence each. */
async function said({ kind, spec, bootstrap }: Scene): Promise<{ pool: string; worker: string }> {
  const pool = aPool(spec);
  const providers = new Providers([kind]);
  const scout = new Scout({ providers, poolOf: () => pool, changed: () => undefined, now });
  await scout.look('burst');
  const machines = new Machines({
    providers,
    bootstrap,
    clusterId: () => 'here',
    fence: () => undefined,
    earliest: now,
  });
  const worker = aWorker();
  const failure = await machines
    .plan(worker, pool)
    .then((checkpoint) => machines.ensure(worker, pool, checkpoint))
    .catch((error: Stalled | Waiting) => error);
  const words = 'reason' in failure ? `${failure.reason}: ${failure.message}` : 'nothing';
  return { pool: `${scout.of(pool)?.reason}: ${scout.of(pool)?.message}`, worker: words };
}

type Spoil = (scene: Scene) => unknown;
const withoutClone: Spoil = ({ server }) => server.tokens.get(USER)?.acl.set('/vms/9001', ['VM.Audit']);

describe.skipIf(official === undefined)('bad input is said by a reason of its own, and leaves no machine', () => {
  test.for<[string, Spoil, pool: RegExp, worker: RegExp]>([
    [
      'a wrong token',
      ({ texts }) => (texts['pve'] = { token: `${USER}=rotated` }),
      /^TokenRefused: .*401 invalid token value!/,
      /^TokenRefused: .*401 invalid token value!/,
    ],
    [
      'no Secret with a token',
      ({ texts }) => delete texts['pve'],
      /^SecretMissing: Secret cortex-system\/pve does not exist: create it$/,
      /^SecretMissing: Secret cortex-system\/pve does not exist: create it$/,
    ],
    [
      'a missing privilege',
      withoutClone,
      /^PrivilegeMissing: The Proxmox token lacks VM\.Clone on \/vms\/9001, needed to clone the template: grant/,
      /^PrivilegeMissing: .*403 Permission check failed \(\/vms\/9001, VM\.Clone\)$/,
    ],
    [
      'a missing template',
      ({ server }) => server.world.machines.delete(9001),
      /^TemplateMissing: Template 9001 is not on host host-1: make it there/,
      /^TemplateMissing: template 9001 on host host-1: it is not there$/,
    ],
    [
      'an unknown variable',
      ({ texts }) => (texts['join'] = { 'user-data': '#cloud-config\n{{ tokne }}\n' }),
      /^Reachable: /,
      /^TemplateInvalid: key user-data of Secret join, line 2: there is no variable tokne/,
    ],
    [
      'an impossible size',
      ({ spec }) => (spec.sizes = [{ name: 'medium', cpu: '4', memory: '1Mi', disk: '100Gi' }]),
      /^Reachable: /,
      /^ImpossibleSize: a machine of memory 1Mi is impossible: it must have at least 16Mi$/,
    ],
    [
      'a disk smaller than that of the template',
      ({ spec }) => (spec.sizes = [{ name: 'medium', cpu: '4', memory: '8Gi', disk: '1Gi' }]),
      /^Reachable: /,
      /^ImpossibleSize: disk scsi0 of template 9001 has 8 GiB and cannot shrink to 1/,
    ],
    [
      'a changed fingerprint',
      ({ server, spec }) => {
        spec.provider.proxmox = {
          ...spec.provider.proxmox,
          tls: { fingerprint: FINGERPRINT, insecureSkipVerify: false },
        };
        server.cut();
      },
      /^Untrusted: Proxmox is not trusted: .* nothing was sent/,
      /^Untrusted: Proxmox is not trusted: .* nothing was sent/,
    ],
    [
      'as many machines as there may be',
      ({ server, spec }) => {
        spec.provider.proxmox = { ...spec.provider.proxmox, maxMachines: 1 };
        server.world.put(30_000, 'host-1', { tags: 'cortex;cortex-cluster-here;cortex-worker-forgotten' }, 'burst');
      },
      /^Reachable: /,
      /^EnoughMachines: there are 1 machines of this cluster, and maxMachines is 1/,
    ],
  ])('%s', async ([, spoil, pool, worker]) => {
    const world = await scene();
    await spoil(world);
    const before = [...world.server.world.machines.keys()];
    const { pool: ofPool, worker: ofWorker } = await said(world);

    expect(ofPool).toMatch(pool);
    expect(ofWorker).toMatch(worker);
    expect(`${ofPool} ${ofWorker}`).not.toContain('canary');
    expect([...world.server.world.machines.keys()]).toEqual(before);
    expect(world.server.world.volumes.size).toBe(0);
  });

  test('and good input makes one', async () => {
    const world = await scene();

    expect(await said(world)).toEqual({ pool: expect.stringMatching(/^Reachable: /), worker: 'nothing' });
    expect(world.server.world.machines.size).toBe(TEMPLATES + 1);
  });

  test('a server that is silent is Unreachable, and costs no machine', async () => {
    const world = await scene();
    for (let call = 0; call < 20; call++) world.server.next(/./, 'dropped');

    expect((await said(world)).pool).toMatch(/^Unreachable: Proxmox GET \/version: /);
    expect(world.server.world.machines.size).toBe(TEMPLATES);
  });
});

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');
