import type { McpServer } from '@cortex/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginWithServers, isReady, node, reasonOf, type ServerStory, wish, workload } from './system/servers.ts';

let { story, servers, wishes } = {} as ServerStory;

beforeAll(async () => {
  ({ story, servers, wishes } = await beginWithServers());
  await story.apply(node('node-1'));
});
afterAll(() => story.end());

const running = ({ status }: McpServer): boolean => status?.phase === 'Running';

const replicasOf = async (name: string): Promise<string> =>
  await story.kubectl('get', 'deployment', name, '-o', 'jsonpath={.spec.replicas}');

test('a labelled workload gets an McpServer with its labels, which follow it; a label set by a person stays', async () => {
  await story.apply(workload('clock', { labels: 'team: a' }));
  await servers.until('default/clock', running);
  const selected = ['get', 'mcp', '-o', 'name', '-l'];
  expect(await story.kubectl(...selected, 'team=a')).toBe('mcpserver.cortex.automation/clock\n');

  await story.kubectl('label', 'mcp', 'clock', 'owner=me', 'team=mine', '--overwrite');
  await story.apply(workload('clock', { labels: 'team: b, tier: tools' }));
  const followed = await servers.until('default/clock', ({ metadata }) => metadata.labels?.['tier'] === 'tools');
  expect(followed.metadata.labels).toMatchObject({ team: 'mine', owner: 'me', 'cortex.automation/adopted': 'true' });

  await story.apply(workload('clock'));
  const less = await servers.until('default/clock', ({ metadata }) => metadata.labels?.['tier'] === undefined);
  expect(less.metadata.labels).toMatchObject({ team: 'mine', owner: 'me' });
});

test('the label is removed: the McpServer goes, and nothing is scaled; it comes back with the label', async () => {
  await story.apply(workload('fleeting') + '---' + wish('fleeting', 'fleeting', 3));
  await wishes.until('default/fleeting', isReady);

  await story.kubectl('label', 'deployment', 'fleeting', 'app.kubernetes.io/component-');
  await servers.untilGone('default/fleeting');
  const waiting = await wishes.until('default/fleeting', ({ status }) => status?.phase === 'Waiting');
  expect(reasonOf(waiting, 'Applied', 'False')).toBe('ServerNotFound');
  expect(await replicasOf('fleeting')).toBe('3');

  await story.kubectl('label', 'deployment', 'fleeting', 'app.kubernetes.io/component=mcp-server');
  await wishes.until('default/fleeting', isReady);
  await story.kubectl('delete', 'mss', 'fleeting');
});

test('a workload deleted under us takes its adopted McpServer along; one a person wrote says what is missing', async () => {
  await story.apply(workload('mine') + '---' + workload('made'));
  await story.apply(`
apiVersion: cortex.automation/v1alpha1
kind: McpServer
metadata: {name: kept, namespace: default}
spec: {workloadRef: {name: mine}}
`);
  await servers.until('default/made', running);
  await servers.until('default/kept', running);
  await servers.untilGone('default/mine');

  await story.kubectl('delete', 'deployment', 'made', 'mine');
  await servers.untilGone('default/made');
  const kept = await servers.until('default/kept', (each) => reasonOf(each, 'Ready', 'False') === 'WorkloadNotFound');
  expect(kept.status).toMatchObject({ phase: 'Pending', ready: 0 });

  await story.apply(workload('mine'));
  await servers.until('default/kept', running);
});

test('an adopted McpServer that a person edits is theirs: it stays when the label goes', async () => {
  await story.apply(workload('taken'));
  await servers.until('default/taken', running);
  await story.apply(`
apiVersion: cortex.automation/v1alpha1
kind: McpServer
metadata: {name: taken, namespace: default}
spec: {workloadRef: {name: taken}, replicas: {max: 2}}
`);
  const theirs = await servers.until(
    'default/taken',
    ({ metadata }) => metadata.labels?.['cortex.automation/adopted'] === undefined,
  );
  expect(theirs.metadata.ownerReferences).toBeUndefined();

  await story.kubectl('label', 'deployment', 'taken', 'app.kubernetes.io/component-');
  await story.apply(wish('taken', 'taken', 5));
  const clamped = await wishes.until('default/taken', isReady);
  expect(reasonOf(clamped, 'Applied')).toBe('Clamped');
  expect(await replicasOf('taken')).toBe('2');
});

test('a workload whose name is too long for an McpServer says so in an Event, with the way out', async () => {
  const long = 'l'.repeat(64);
  await story.apply(workload(long).replaceAll(`{app: ${long}}`, '{app: long}'));
  const events = [
    'get',
    'events',
    '--field-selector',
    `involvedObject.name=${long}`,
    '-o',
    'jsonpath={.items[*].message}',
  ];
  await expect
    .poll(() => story.kubectl(...events), { timeout: 30_000 })
    .toContain('create an McpServer with a shorter one');

  await story.apply(`
apiVersion: cortex.automation/v1alpha1
kind: McpServer
metadata: {name: short, namespace: default}
spec: {workloadRef: {name: ${long}}}
`);
  await servers.until('default/short', running);
});

test('a wish about a server that does not exist waits for it, and is applied when it comes', async () => {
  await story.apply(wish('early', 'late', 2));
  const waiting = await wishes.until('default/early', ({ status }) => status?.phase === 'Waiting');
  expect(reasonOf(waiting, 'Applied', 'False')).toBe('ServerNotFound');

  await story.apply(workload('late'));
  await wishes.until('default/early', isReady);
  expect(await replicasOf('late')).toBe('2');
});

test('ArgoCD: after a full life the manifests in Git differ from what is there in nothing', async () => {
  const inGit = [
    workload('git', { labels: 'argocd.argoproj.io/instance: app' }).replace('  replicas: 1\n', ''),
    wish('git', 'git', 3).replace(
      'namespace: default',
      'namespace: default, labels: {argocd.argoproj.io/instance: app}',
    ),
    `
apiVersion: cortex.automation/v1alpha1
kind: McpServer
metadata: {name: git, namespace: default, labels: {argocd.argoproj.io/instance: app}}
spec: {workloadRef: {name: git}, replicas: {max: 4}}
`,
  ].join('---');
  // ArgoCD forces what it applies: the operator may have adopted the workload a moment before its McpServer comes.
  const asArgo = ['--server-side', '--force-conflicts', '--field-manager=argocd-controller', '-f', '-'];
  await story.plane.kubectl(['apply', ...asArgo], { input: inGit });
  await wishes.until('default/git', isReady);
  await story.apply(wish('hand', 'git', 0, 'policy: Override'));
  await servers.until('default/git', ({ status }) => status?.phase === 'Stopped');
  await story.kubectl('delete', 'mss', 'hand');
  await wishes.until('default/git', isReady);

  expect(await story.plane.kubectl(['diff', ...asArgo], { input: inGit })).toBe('');

  await story.apply(workload('in-git', { labels: 'argocd.argoproj.io/instance: app, team: a' }));
  const made = await servers.until('default/in-git', running);
  expect(made.metadata.labels).toMatchObject({ team: 'a' });
  expect(made.metadata.labels).not.toHaveProperty('argocd.argoproj.io/instance');
});

const service = (type: string) => `
apiVersion: v1
kind: Service
metadata: {name: door, namespace: default}
spec: {ports: [{name: metrics, port: 9090}, {name: web, port: 8080}], ${type}}
`;

const endpoints = async (holds: (all: string[]) => boolean): Promise<string[]> =>
  (await servers.until('default/door', ({ status }) => holds(status?.endpoints ?? []))).status?.endpoints ?? [];

describe('the endpoints of a server', () => {
  test('are none without a Service', async () => {
    await story.apply(workload('door'));
    const door = await servers.until('default/door', running);
    expect(door.status).toMatchObject({ endpoints: [] });
    expect(door.status).not.toHaveProperty('service');
  });

  test.for([
    ['ClusterIP', 'type: ClusterIP', /^http:\/\/10\.[\d.]+:9090 http:\/\/10\.[\d.]+:8080$/],
    ['NodePort', 'type: NodePort', /^nodePort:\/\/\*:3\d{4} nodePort:\/\/\*:3\d{4}$/],
    ['headless', 'clusterIP: None', /^http:\/\/door\.default\.svc:9090 http:\/\/door\.default\.svc:8080$/],
    ['ExternalName', 'type: ExternalName, externalName: mcp.example', /^mcp\.example$/],
  ] as const)('%s', async ([, type, expected]) => {
    await story.kubectl('delete', 'service', 'door', '--ignore-not-found');
    await story.apply(service(type));
    expect((await endpoints((all) => expected.test(all.join(' ')))).join(' ')).toMatch(expected);
  });

  test('LoadBalancer: none while it waits for its address, then that', async () => {
    await story.kubectl('delete', 'service', 'door');
    await endpoints((all) => all.length === 0);
    await story.apply(service('type: LoadBalancer'));
    const named = await servers.until('default/door', ({ status }) => status?.service === 'door');
    expect(named.status?.endpoints).toEqual([]);

    const status = '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.9"}]}}}';
    await story.kubectl('patch', 'service', 'door', '--subresource=status', '--type=merge', '-p', status);
    expect(await endpoints((all) => all.length > 0)).toEqual(['http://192.0.2.9:9090', 'http://192.0.2.9:8080']);
  });
});
