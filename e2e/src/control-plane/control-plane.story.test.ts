import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { removeCluster } from './cluster-folder.ts';
import { applyManifests, type ControlPlane, installCrds, startControlPlane } from './control-plane.ts';
import { processesOf } from './processes.ts';

let first: ControlPlane;
let second: ControlPlane;

beforeAll(async () => {
  [first, second] = await Promise.all([
    startControlPlane({ auditPolicy: true, kwokParallelism: 16 }),
    startControlPlane({ fsync: true }),
  ]);
});

afterAll(async () => {
  await Promise.all([first, second].map((plane) => plane?.stop()));
});

test('two control planes run side by side, each with objects of its own', async () => {
  await applyManifests(first, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: only-here }\n');

  expect(await first.kubectl(['get', 'namespace', 'only-here', '-o', 'name'])).toBe('namespace/only-here\n');
  await expect(second.kubectl(['get', 'namespace', 'only-here'])).rejects.toThrow('not found');
});

test('an installed CRD can be listed at once', async () => {
  await installCrds(second, [WIDGETS]);

  expect(await second.kubectl(['get', '--raw', '/apis/example.com/v1/widgets'])).toContain('"items":[]');
});

test('the audit log tells writes, and leaves reads out', async () => {
  await first.kubectl(['create', 'configmap', 'audited']);
  await first.kubectl(['get', 'configmap', 'audited']);

  const requests = await vi.waitFor(async () => {
    const found = (await first.audit()).filter(({ name }) => name === 'audited');
    expect(found).not.toEqual([]);
    return found;
  });
  expect(requests).toMatchObject([{ verb: 'create', resource: 'configmaps', namespace: 'default', code: 201 }]);
  await expect(second.audit()).rejects.toThrow('audit.log');
});

test('RBAC is on: a ServiceAccount may do nothing by itself', async () => {
  const asNobody = ['--as', 'system:serviceaccount:default:default'];

  await expect(first.kubectl(['get', 'pods', ...asNobody])).rejects.toThrow('forbidden');
});

test('KWOK makes an annotated Node Ready and keeps its systemUUID; it leaves other Nodes alone', async () => {
  await first.kubectl(['create', '-f', '-'], {
    input: [node('fake', 'kwok.x-k8s.io/node: fake'), node('other')].join('---\n'),
  });

  await first.kubectl(['wait', '--for=condition=Ready', 'node/fake', '--timeout=30s']);
  expect(await first.kubectl(['get', 'node', 'fake', '-o', UUID])).toBe('1b4e28ba-2fa1-11d2-883f-0016d3cca427');
  expect(await first.kubectl(['get', 'node', 'other', '-o', 'jsonpath={.status.phase}'])).toBe('');
});

test('a start ends what a killed process left: no process, no folder', async () => {
  const { owner, folder } = await clusterOfAnotherProcess();
  await end(owner, 'SIGKILL');
  expect(processesOf(folder)).toHaveLength(5);

  const next = await startControlPlane();
  onTestFinished(() => next.stop());

  expect(processesOf(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(first.kubeconfigPath)).toBe(true);
});

test('a process that is told to end takes its control plane with it', async () => {
  const { owner, folder } = await clusterOfAnotherProcess();

  expect(await end(owner, 'SIGTERM')).toBe('SIGTERM');

  expect(processesOf(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

const UUID = 'jsonpath={.status.nodeInfo.systemUUID}';

function node(name: string, annotations = ''): string {
  const nodeInfo = { systemUUID: '1b4e28ba-2fa1-11d2-883f-0016d3cca427' };
  return `apiVersion: v1
kind: Node
metadata: { name: ${name}, annotations: { ${annotations} } }
status: { nodeInfo: ${JSON.stringify({ ...EMPTY_NODE_INFO, ...nodeInfo })} }
`;
}

/** Each of these is required by kubectl's validation. */
const EMPTY_NODE_INFO = Object.fromEntries(
  [
    'architecture',
    'bootID',
    'containerRuntimeVersion',
    'kernelVersion',
    'kubeProxyVersion',
    'kubeletVersion',
    'machineID',
    'operatingSystem',
    'osImage',
  ].map((field) => [field, '']),
);

const WIDGETS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { plural: widgets, kind: Widget }
  scope: Cluster
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;

async function clusterOfAnotherProcess(): Promise<{ owner: ChildProcess; folder: string }> {
  const module = JSON.stringify(join(import.meta.dirname, 'control-plane.ts'));
  const script = `const { startControlPlane } = await import(${module});
    console.log((await startControlPlane()).kubeconfigPath);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(owner.stdout, 'data')) as [Buffer];
  const folder = dirname(printed.toString().trim());
  onTestFinished(async () => {
    await end(owner, 'SIGKILL');
    removeCluster(folder);
  });
  return { owner, folder };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.signalCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.signalCode;
}
