import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../conditions.ts';
import { Secrets } from '../../kube/core.ts';
import { ProxmoxLife } from '../../testing/proxmox/life.ts';
import { official } from '../../testing/proxmox/official.ts';
import { USER } from '../../testing/proxmox/server.ts';

const SECRETS = { values: { kubeconfig: 'client-key-data: a-canary-kubeconfig' } };

const begin = () => ProxmoxLife.begin(SECRETS);
const ready = (life: ProxmoxLife) => () => life.worker('w')?.status?.phase === 'Ready';
const gone = (life: ProxmoxLife) => () => life.worker('w') === undefined;

/** All that an error holds, however deep. */
const everything = (error: unknown): unknown =>
  error instanceof Error
    ? {
        ...Object.fromEntries(Object.entries(error)),
        message: error.message,
        stack: error.stack,
        cause: everything(error.cause),
      }
    : error;

/** Every version of every Secret, of which nothing may be seen elsewhere but names. */
function secretsOf(life: ProxmoxLife): Set<string> {
  const known = new Set<string>();
  life.cluster.watch(Secrets, (_event, object) => {
    const { data = {}, stringData = {} } = object as {
      data?: Record<string, string>;
      stringData?: Record<string, string>;
    };
    for (const text of Object.values(data)) known.add(text).add(Buffer.from(text, 'base64').toString('utf8'));
    for (const key of ['token-id', 'token-secret']) if (stringData[key] !== undefined) known.add(stringData[key]);
  });
  return known;
}

describe.skipIf(official === undefined)('a life on Proxmox', { timeout: 60_000 }, () => {
  test('29: through refusals, lost answers and a server that repeats what it was sent, no secret is seen anywhere', async () => {
    const life = await begin();
    const { proxmox } = life;
    const made = secretsOf(life);
    proxmox.next(/POST .*\/clone/, 'lost');
    proxmox.next(/POST .*\/upload/, (response, authorization) => {
      response.writeHead(500, `${authorization} sent too much`);
      response.end(JSON.stringify({ data: null, message: `${authorization} sent too much` }));
    });
    proxmox.next(/POST .*\/upload/, (response, authorization) => {
      response.writeHead(400, authorization);
      response.end(JSON.stringify({ data: null, errors: { filename: `refused: ${authorization}` } }));
    });
    life.ask('w');
    await life.until(() => proxmox.calls.some((call) => call.includes('/upload')), 'a seed to be sent');
    const { acl } = proxmox.tokens.get(USER) ?? { acl: new Map() };
    proxmox.tokens.set(USER, { secret: 'a-canary-rotated', acl });
    await life.until(
      () => conditionOf(life.pool()?.status?.conditions, 'ProviderReachable')?.reason === 'TokenRefused',
      'the token to be refused',
    );
    life.put('pve', { token: `${USER}=a-canary-rotated` });
    await life.until(ready(life), 'the worker to be Ready');
    await life.until(() => life.worker('w')?.status?.vm?.seed === undefined, 'its seed to be taken away');
    expect(life.worker('w')?.status?.vm?.seedHash).toMatch(/^[0-9a-f]{64}$/);
    life.release('w');
    await life.until(gone(life), 'the worker to go');

    const seen = [...life.said, JSON.stringify(life.errors.map(everything)), await life.metrics.registry.metrics()];
    const telling = ['canary', ...made];
    expect(made.size).toBeGreaterThan(4);
    expect(seen.filter((each) => telling.some((secret) => each.includes(secret)))).toEqual([]);
    const text = seen.join('\n');
    expect(text).toContain('cortex_provider_calls_total{provider="Proxmox",verb="ensure",result="ok"}');
    expect(text).toContain('"kind":"Event"');
    expect(life.errors.length).toBeGreaterThan(0);
  });

  test('26, 28: the Node is its machine by UUID, and the token it joined with is gone once it is Ready, and its Secret with the machine', async () => {
    const life = await begin();
    const tokens = () => life.cluster.peek(Secrets).filter(({ metadata }) => metadata.namespace === 'kube-system');
    life.ask('w');
    await life.until(() => tokens().length > 0, 'a token');
    await life.until(ready(life), 'the worker to be Ready');
    await life.until(() => life.worker('w')?.status?.vm?.seed === undefined, 'its seed to be taken away');

    expect(life.worker('w')?.status?.systemUUID).toBe(life.worker('w')?.metadata.uid);
    expect([tokens(), life.proxmox.world.volumes.size]).toEqual([[], 0]);
    life.release('w');
    await life.until(gone(life), 'the worker to go');
    expect([tokens(), life.nodes, [...life.proxmox.world.machines.keys()]]).toEqual([[], [], [9001, 9002]]);
  });

  test('S8: while Proxmox has been silent for more than 30 s no Node of it is cordoned, and its end goes on afterwards', async () => {
    const life = await begin();
    life.ask('w');
    await life.until(ready(life), 'the worker to be Ready');
    life.proxmox.silent = true;
    await life.until(
      () => conditionOf(life.pool()?.status?.conditions, 'ProviderReachable')?.status === 'False',
      'the silence to be told',
    );
    const { resourceVersion } = life.pool()?.metadata ?? {};
    for (let second = 0; second < 40; second++) await life.step(1_000);
    expect(life.pool()?.metadata.resourceVersion).toBe(resourceVersion);

    life.release('w');
    for (let second = 0; second < 60; second++) await life.step(1_000);
    expect(conditionOf(life.worker('w')?.status?.conditions, 'Ready')).toMatchObject({
      reason: 'Frozen',
      message: expect.stringContaining('The provider of WorkerPool burst has not answered since 2030-01-01T10:'),
    });
    expect(life.cluster.peek({ plural: 'nodes', kind: 'Node', group: '' })[0]?.spec).not.toHaveProperty(
      'unschedulable',
    );

    life.proxmox.silent = false;
    await life.until(gone(life), 'the worker to go');
    expect([...life.proxmox.world.machines.keys()]).toEqual([9001, 9002]);
  });
});
