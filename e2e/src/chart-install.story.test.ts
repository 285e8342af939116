import { mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Allocation, BurstWorker } from '@cortex/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './control-plane/run.ts';
import { shellOf } from './docs/carry-out.ts';
import { commandsOf } from './docs/page.ts';
import { helmBinary } from './helm/binary.ts';
import { isHook, rendered } from './helm/chart.ts';
import { formerCharts, installCharts } from './helm/release.ts';
import { Daemon } from './system/daemon.ts';
import { serviceAccountKubeconfig } from './system/identity.ts';
import { callTool } from './system/mcp.ts';
import { node } from './system/servers.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

const charts = await formerCharts();
if (charts === undefined)
  console.warn('SKIPPED: the upgrade starts from the charts as they are now: there is no git history');

/** The facade of these stories may destroy. */
const ADMIN = ['--set', 'facade.profile=admin'];

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ put: (plane) => installCharts(plane, charts, ADMIN) });
  await story.apply(kwokPool('burst'));
});
afterAll(async () => {
  await story.end();
  charts?.[Symbol.dispose]();
});

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const identities = () =>
  story.workers.store
    .list()
    .map(({ metadata: { name, uid, creationTimestamp } }) => ({ name, uid, creationTimestamp }));

test('helm upgrade from the former charts disturbs nothing that lives', async () => {
  await story.apply(allocation('lives', 'workers: {count: 2, size: small}'));
  await story.allocations.until('default/lives', isReady);
  const before = identities();

  await installCharts(story.plane, undefined, ADMIN);

  await story.apply(allocation('later', 'workers: {count: 1, size: small}'));
  await story.allocations.until('default/later', isReady);
  expect(identities()).toEqual(expect.arrayContaining(before));
  expect(story.allocations.get('default/lives')?.status?.phase).toBe('Active');
});

test('a job is requested by MCP, Ready, and released, under the rights of the chart', async () => {
  const { facade, url } = await startFacade(story.plane, { folder: story.folder });
  const request = { job_id: 'by-mcp', workers: 1, size: 'small', wait_ready: true, timeout: 60 };
  const { allocation_id } = await callTool(url, 'request_resources', request);

  const released = await callTool(url, 'release_resources', { allocation_id });
  expect(released['status']).toBe('released');
  await facade.end();
});

const NAMESPACED = ['allocations', 'mcpservers', 'mcpserverscales'];

describe.for(['view', 'edit', 'admin'])('who may %s in a namespace', (role) => {
  const may = async (verb: string, kind: string, subresource = ''): Promise<boolean> => {
    const what = [`${kind}.cortex.automation`, '--subresource', subresource];
    const asked = ['auth', 'can-i', verb, ...what, '--namespace', 'default', '--as', role];
    return (await story.kubectl(...asked).catch(() => 'no')).trim() === 'yes';
  };
  beforeAll(() => story.kubectl('create', 'rolebinding', role, '--clusterrole', role, '--user', role, '-n', 'default'));

  test('reads Allocations, McpServers and McpServerScales', async () => {
    for (const kind of NAMESPACED) await expect.poll(() => may('get', kind)).toBe(true);
  });

  test('writes them and scales, unless it only views', async () => {
    const writes = role !== 'view';
    for (const kind of NAMESPACED) await expect.poll(() => may('create', kind)).toBe(writes);
    await expect.poll(() => may('patch', 'mcpserverscales', 'scale')).toBe(writes);
  });

  test('may not touch a status, nor a worker', async () => {
    expect(await may('update', 'allocations', 'status')).toBe(false);
    expect(await may('create', 'burstworkers')).toBe(false);
  });
});

/** As the Job of the chart asks it, which Helm makes before an uninstall; under the Job's own rights. */
async function mayUninstall(): Promise<{ code: number | null; said: string }> {
  const hooks = (await rendered('default')).filter((one) => isHook(one) && one.object.kind !== 'Job');
  await story.apply(hooks.map(({ text }) => text).join('\n---\n'));
  const kubeconfig = await serviceAccountKubeconfig(story.plane, 'cortex-uninstall');
  const asked = new Daemon({
    name: 'operator',
    folder: mkdtempSync(join(story.folder, 'asked-')),
    kubeconfig,
    args: ['--uninstall'],
  });
  return { code: await asked.ended, said: readFileSync(asked.log, 'utf8') };
}

test('an uninstall is refused while workers live, by name and with what to do; what is ending is waited for', async () => {
  await story.workers.eventually((all) => (all.length === 3 ? true : undefined), 'the released worker to go');
  const names = identities()
    .map(({ name }) => name)
    .toSorted();
  const { code, said } = await mayUninstall();
  expect(said).toContain(`Not uninstalled: 3 BurstWorkers (${names.join(', ')}), 1 WorkerPool (burst) would be left`);
  expect(code).toBe(1);

  await story.kubectl('delete', 'allocations', '--all');
  await story.kubectl('delete', 'workerpools', '--all', '--wait=false');
  await story.workers.eventually((all) => (all.some(lives) ? undefined : true), 'every worker to end');
  expect(await mayUninstall()).toMatchObject({ code: 0 });
  expect(story.workers.store.list()).toEqual([]);
});

const lives = ({ status }: BurstWorker): boolean => !['Draining', 'Terminating'].includes(status?.phase ?? '');

test('removed in the order of docs/operate.md, nothing hangs and nothing is left', async () => {
  // The Job that Helm runs first needs a Node, whose kubelet is played: what it finds is told above.
  await story.apply(`${node('permanent')}---${kwokPool('burst')}---${allocation('last', 'workers: {count: 1}')}`);
  await story.allocations.until('default/last', isReady);
  const { text } = commandsOf('docs/operate.md').find((block) => block.text.includes('helm uninstall')) ?? { text: '' };
  const env = shellOf(story.plane);
  const path = [dirname(await helmBinary()), env['PATH']].join(':');
  const said = await run('bash', ['-euo', 'pipefail', '-c', text], { env: { ...env, PATH: path } });

  expect(said.match(/release "cortex(?:-crds)?" uninstalled/g)).toHaveLength(2);
  expect(story.nodes.store.list().map(({ metadata }) => metadata.name)).toEqual(['permanent']);
  expect(await story.kubectl('get', 'crds', '-o', 'name')).toBe('');
  await story.kubectl('delete', 'namespace', 'cortex-system', '--timeout=60s');
  const mine = ['clusterroles,clusterrolebindings,flowschemas', '-l', 'app.kubernetes.io/instance=cortex'];
  expect(await story.kubectl('get', ...mine, '-o', 'name')).toBe('');
});
