import type { KubeError } from '@cortex/operator/kube/errors';
import { type Method, openTransport } from '@cortex/operator/kube/transport';
import { KubeConfig } from '@kubernetes/client-node';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { applyManifests, type ControlPlane, startControlPlane } from './control-plane/control-plane.ts';
import { run } from './control-plane/run.ts';
import { auditName, serviceAccountKubeconfig } from './system/identity.ts';
import { HTTP_CLIENTS, type McpClient } from './system/mcp-clients.ts';
import { install, startFacade } from './system/system.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/mcp-facade.mjs');
const ROLES = {
  readonly: ['readonly'],
  operator: ['readonly', 'operator'],
  admin: ['readonly', 'operator', 'admin'],
} as const;

let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cortex-rights-'));
  plane = await startControlPlane({ auditPolicy: true });
  await install(plane);
});

afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A ServiceAccount with exactly the roles of a profile, and its kubeconfig. */
async function account(name: string, profile: keyof typeof ROLES): Promise<string> {
  const subject = `subjects: [{kind: ServiceAccount, name: ${name}, namespace: cortex-system}]`;
  const bindings = ROLES[profile].map(
    (role) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}-${role}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cortex-facade-${role}}
${subject}`,
  );
  const serviceAccount = `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: cortex-system}`;
  await applyManifests(plane, [serviceAccount, ...bindings].join('\n---\n'));
  const path = join(folder, `${name}.kubeconfig`);
  writeFileSync(path, await serviceAccountKubeconfig(plane, name), { mode: 0o600 });
  return path;
}

const as = (name: string): string[] => ['--as', auditName(name)];

/** What `kubectl auth can-i --list` shows of our kinds: resource and verbs. */
async function canI(name: string): Promise<string[]> {
  const listed = await plane.kubectl([
    'auth',
    'can-i',
    '--list',
    '--no-headers',
    '--namespace',
    'default',
    ...as(name),
  ]);
  return listed
    .split('\n')
    .filter((line) => line.includes('cortex.automation') || line.includes('*'))
    .map((line) =>
      line
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ \[\] \[\]/g, '')
        .trim(),
    )
    .filter((line) => !line.startsWith('['))
    .map((line) => line.replace(/\[.*\]$/, (verbs) => `[${verbs.slice(1, -1).split(' ').toSorted().join(' ')}]`))
    .toSorted();
}

const READ = '[get list watch]';

test.for([
  [
    'readonly',
    ['allocations', 'burstworkers', 'mcpservers', 'mcpserverscales', 'nodedrains', 'workerpools'].map(
      (kind) => `${kind}.cortex.automation ${READ}`,
    ),
  ],
  [
    'operator',
    [
      'allocations.cortex.automation [create delete get list watch]',
      'burstworkers.cortex.automation [create get list watch]',
      `mcpservers.cortex.automation ${READ}`,
      'mcpserverscales.cortex.automation [create get list watch]',
      'nodedrains.cortex.automation [create get list watch]',
      `workerpools.cortex.automation ${READ}`,
    ],
  ],
  [
    'admin',
    [
      'allocations.cortex.automation [create delete get list watch]',
      'burstworkers.cortex.automation [create delete get list watch]',
      `mcpservers.cortex.automation ${READ}`,
      'mcpserverscales.cortex.automation [create get list watch]',
      'nodedrains.cortex.automation [create get list watch]',
      `workerpools.cortex.automation ${READ}`,
    ],
  ],
] as const)('profile %s may do exactly this', async ([profile, golden]) => {
  await account(`golden-${profile}`, profile);

  expect(await canI(`golden-${profile}`)).toEqual(golden);
});

const [DEFAULT, OURS] = ['/api/v1/namespaces/default', '/apis/cortex.automation/v1alpha1'];

const FORBIDDEN = [
  ['GET', '/api/v1/nodes/a'],
  ['GET', '/api/v1/nodes'],
  ['PATCH', '/api/v1/nodes/a'],
  ['DELETE', '/api/v1/nodes/a'],
  ['GET', `${DEFAULT}/pods/a`],
  ['GET', '/api/v1/pods'],
  ['POST', `${DEFAULT}/pods`],
  ['DELETE', `${DEFAULT}/pods/a`],
  ['POST', `${DEFAULT}/pods/a/eviction`],
  ['POST', `${DEFAULT}/pods/a/exec`],
  ['GET', '/api/v1/namespaces/kube-system/secrets/a'],
  ['GET', '/api/v1/secrets'],
  ['POST', `${DEFAULT}/secrets`],
  ['GET', `${DEFAULT}/configmaps/a`],
  ['POST', `${DEFAULT}/configmaps`],
  ['GET', '/apis/apps/v1/namespaces/default/deployments/a'],
  ['PATCH', '/apis/apps/v1/namespaces/default/deployments/a/scale'],
  ['POST', '/api/v1/namespaces'],
  ['POST', `${DEFAULT}/serviceaccounts/default/token`],
  ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
  ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
  ['GET', '/apis/coordination.k8s.io/v1/namespaces/cortex-system/leases/cortex-operator'],
  ['PATCH', `${OURS}/namespaces/default/allocations/a`],
  ['PUT', `${OURS}/namespaces/default/allocations/a`],
  ['PUT', `${OURS}/namespaces/default/allocations/a/status`],
  ['DELETE', `${OURS}/namespaces/default/allocations`],
  ['PATCH', `${OURS}/burstworkers/a`],
  ['DELETE', `${OURS}/nodedrains/a`],
  ['DELETE', `${OURS}/namespaces/default/mcpserverscales/a`],
  ['POST', `${OURS}/workerpools`],
  ['DELETE', `${OURS}/workerpools/a`],
  ['POST', `${OURS}/namespaces/default/mcpservers`],
] as const;

test('even profile admin is refused every one of 32 other calls', async () => {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(await account('refused', 'admin'));
  const transport = await openTransport(kubeConfig);
  onTestFinished(() => transport.close());
  const body = {};
  const tried = async (method: Method, path: string): Promise<number> =>
    await transport.call(method, path, { retry: false, ...(method === 'GET' ? {} : { body }) }).then(
      () => 200,
      (error: KubeError) => error.status,
    );

  expect(await tried('GET', `${OURS}/allocations`)).toBe(200);
  const answers = await Promise.all(
    FORBIDDEN.map(async ([method, path]) => `${method} ${path} ${await tried(method, path)}`),
  );
  expect(answers).toEqual(FORBIDDEN.map(([method, path]) => `${method} ${path} 403`));
  expect(answers).toHaveLength(32);
});

/** Runs the facade over HTTP until it ends by itself. */
const started = async (kubeconfig: string, profile: string): Promise<string> =>
  await run(process.execPath, [BUNDLE, '--profile', profile], {
    env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, CORTEX_MCP_PORT: '0', CORTEX_HTTP_PORT: '0' },
  });

test('a ServiceAccount with one verb more than its profile needs does not start, and names the verb', async () => {
  const kubeconfig = await account('greedy', 'operator');
  await plane.kubectl([
    'create',
    'clusterrole',
    'one-more',
    '--verb=patch',
    '--resource=allocations.cortex.automation',
  ]);
  await plane.kubectl([
    'create',
    'clusterrolebinding',
    'one-more',
    '--clusterrole=one-more',
    '--serviceaccount=cortex-system:greedy',
  ]);

  await expect(started(kubeconfig, 'operator')).rejects.toThrow(
    'system:serviceaccount:cortex-system:greedy may do more than profile operator needs: patch allocations.cortex.automation',
  );
});

test('a role of one namespace counts as well, where it matters', async () => {
  const kubeconfig = await account('local', 'operator');
  await plane.kubectl(['create', 'role', 'secrets', '-n', 'kube-system', '--verb=get', '--resource=secrets']);
  await plane.kubectl([
    'create',
    'rolebinding',
    'secrets',
    '-n',
    'kube-system',
    '--role=secrets',
    '--serviceaccount=cortex-system:local',
  ]);

  await expect(started(kubeconfig, 'operator')).rejects.toThrow('needs: get secrets');
});

test('the role of a larger profile does not run a smaller one', async () => {
  await expect(started(await account('large', 'admin'), 'readonly')).rejects.toThrow(
    /profile readonly needs: create allocations.cortex.automation, .*delete burstworkers/,
  );
});

test.for(['readonly', 'operator', 'admin'] as const)('with the rights of %s that profile serves', async (profile) => {
  const name = `serving-${profile}`;
  await account(name, profile);
  const { facade, url } = await startFacade(plane, { folder, account: name, env: { CORTEX_PROFILE: profile } });
  onTestFinished(() => void facade.end());
  const client = await (HTTP_CLIENTS['client 2.4.0, negotiating'] as (at: string) => Promise<McpClient>)(url);

  const count = { readonly: 8, operator: 15, admin: 16 }[profile];
  expect(await client.tools()).toHaveLength(count);
  expect(await client.call('get_capacity')).toMatchObject({ isError: false });
  await client.close();
});

test('a person with more rights gets one warning, and --check prints what there is', async () => {
  const printed = await run(process.execPath, [BUNDLE, 'stdio', '--check', '--profile', 'admin'], {
    env: { PATH: process.env['PATH'], KUBECONFIG: plane.kubeconfigPath },
  });

  expect(printed).toMatch(
    /^identity {3}\S+\nprofile {4}admin\nCRDs {7}installed, 0 WorkerPools\nmissing {4}nothing\nbeyond {5}\* \*, \* \*\.\*/,
  );
});
