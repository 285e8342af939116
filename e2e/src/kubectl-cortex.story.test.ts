import { join } from 'node:path';
import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './control-plane/run.ts';
import { carryOut, DIST, shellOf } from './docs/carry-out.ts';
import { commandsOf, isRun, PAGES } from './docs/page.ts';
import { node, workload } from './system/servers.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { permanentNode } from './system/workloads.ts';

let story: Story;

beforeAll(async () => {
  story = await Story.begin({ auditPolicy: 'everything' });
  await story.apply(kwokPool('burst'));
});
afterAll(() => story.end());

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

/** What an answer may take. Counted in time of a processor: on a busy machine the clock tells more of the others. */
const LONGEST_MS = 1_000;

/** As a person types it: kubectl finds the plugin on PATH by its name. */
async function cortex(...words: string[]): Promise<string> {
  const script = ['-euo', 'pipefail', '-c', 'kubectl cortex "$@"; times', 'bash', ...words];
  const lines = (await run('bash', script, { env: shellOf(story.plane) })).split('\n');
  const [said, took] = [lines.slice(0, -3).join('\n'), millisecondsIn(lines.at(-2) ?? '')];
  console.log(`kubectl cortex ${words.join(' ')} (${took} ms of a processor)\n${said}`);
  expect(took, `kubectl cortex ${words.join(' ')}`).toBeLessThan(LONGEST_MS);
  return `${said}\n`;
}

/** As bash tells the times of what it has run: user and system, such as 0m0.312s 0m0.048s. */
const millisecondsIn = (times: string): number =>
  [...times.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/g)]
    .map(({ groups }) => Number(groups?.['minutes']) * 60_000 + Number(groups?.['seconds']) * 1_000)
    .reduce((sum, each) => Math.round(sum + each), 0);

/** What the examples of the pages speak of. */
const THERE = [node('server-room'), permanentNode('k3s-worker02'), workload('clock'), workload('filesystem')].join(
  '---',
);

test('every command of README and docs that is not tagged no-run does what it says', async () => {
  await story.apply(THERE);
  // One at a time: of two that are not there yet kubectl waits for neither.
  for (const server of ['mcpserver/clock', 'mcpserver/filesystem'])
    for (const what of ['create', 'condition=Ready'])
      await story.kubectl('wait', server, `--for=${what}`, '--timeout=60s');
  const pages = PAGES.filter((page) => commandsOf(page).some(isRun));
  expect(pages).toContain('docs/nodedrain.md');

  for (const page of pages) await carryOut(page, story.plane);
  await story.workers.eventually((workers) => (workers.length === 0 ? true : undefined), 'the workers to go');
});

/** The condition Ready of an Allocation has this reason. */
const says = async (name: string, reason: string): Promise<Allocation> =>
  await story.allocations.until(
    `default/${name}`,
    ({ status }) => status?.conditions?.some(({ type, reason: why }) => type === 'Ready' && why === reason) ?? false,
  );

test('C9: complaint 14, a large request starves: the numbers, who can change them, when it gives up; and its turn', async () => {
  await story.apply(allocation('first', 'workers: {count: 19, size: small}'));
  await story.allocations.until('default/first', isReady);
  await story.apply(allocation('second', 'workers: {count: 2}'));
  await says('second', 'InsufficientWorkers');

  expect(await cortex('explain', 'alloc/second')).toMatch(
    /^Allocation default\/second has been Pending for \d+s: Insufficient workers: requested 2, available 1; it is 1st in line for WorkerPool burst, waiting for 1 worker held by Allocation default\/first until \S+Z; somebody must release workers of the pool, or its owner raise spec\.limits; it fails with QueueTimeout in (?:1h|59m\d+s), at \S+Z\.\n$/,
  );
  expect((await cortex('queue')).split('\n')[1]).toMatch(
    /^burst +1 +default\/second +Normal +2 .* InsufficientWorkers +(?:1h|59m)/,
  );
});

test('a job whose server does not exist, and one whose pool does not', async () => {
  await story.apply(allocation('serverless', 'mcpServers: [git]'));
  await says('serverless', 'ServerNotFound');
  await story.apply(allocation('poolless', 'workers: {count: 1, pool: none}'));
  await says('poolless', 'PoolNotFound');

  expect(await cortex('explain', 'alloc/serverless')).toContain(
    'create that McpServer, or label its workload so that it is adopted',
  );
  expect(await cortex('explain', 'alloc/poolless')).toContain(
    'WorkerPool none does not exist. There are: burst; create that WorkerPool',
  );
});

const GUARDED = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: guard, namespace: default}
spec: {minAvailable: 1, selector: {matchLabels: {app: shop}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: default}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      nodeSelector: {cortex.automation/job: default.first}
      tolerations: [{key: cortex.automation/job, operator: Exists}]
      containers: [{name: shop, image: registry.example/shop}]
`;

test('C9: complaint 1, a budget blocks a drain forever: the pod, its protector, the deadline; and the tree that holds it', async () => {
  await story.apply(GUARDED);
  await story.kubectl('rollout', 'status', 'deployment/shop', '--timeout=60s');
  const worker = await story.kubectl('get', 'pods', '-l', 'app=shop', '-o', 'jsonpath={.items[0].spec.nodeName}');
  expect(await cortex('tree', 'first')).toContain(`─ Node ${worker}  takes pods\n`);

  await story.kubectl('delete', 'burstworker', worker, '--wait=false');
  await story.workers.until(worker, ({ status }) => (status?.drain?.blockers?.length ?? 0) > 0);
  const told = await cortex('explain', `bw/${worker}`);
  expect(told).toMatch(
    /has been Draining .* it waits for PodDisruptionBudget default\/guard .*; the owner of that PodDisruptionBudget must let/,
  );
  expect(told).toMatch(/what is left on it is forced in (?:10m|9m\d+s)/);
});

test('everything at a glance, for people and for programs; and what comes by itself', async () => {
  const status = await cortex('status');
  expect(status).toMatch(/^Operator\nLEADS +NAME +RENEWED\nyes +cortex-operator-0 +\d+s ago\n/);
  expect(status).toContain('Allocation default/second has been Pending');

  const { operator, pools } = JSON.parse(await cortex('status', '-o', 'json')) as {
    operator: { leads: boolean };
    pools: { name: string; pending: number }[];
  };
  expect(operator.leads).toBe(true);
  expect(pools).toMatchObject([{ name: 'burst', pending: 1 }]);
  expect(await cortex('plan')).toMatch(/^(?:10m|9m\S*) +BurstWorker +burst-\S+ +what is left on it is forced$/m);
});

/** The record of a machine that KWOK plays for a BurstWorker that does not exist. */
const lost = (cluster: string): string => `
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: kwok-lost
  namespace: cortex-system
  labels: {cortex.automation/vm: kwok}
  annotations:
    cortex.automation/vm-cluster: ${cluster}
    cortex.automation/vm-worker: 0b9d2c44-93a5-4d0e-a3f6-6f1f6a8f3f10
    cortex.automation/vm-power: "on"
    cortex.automation/vm-booted-at: "2026-01-01T00:00:00Z"
`;

test('S12: the operator plans what comes by itself and what nobody claims, with the evidence, and writes nothing', async () => {
  const uid = await story.kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
  await story.apply(lost(uid));
  await story.apply(lost('another-cluster').replace('kwok-lost', 'kwok-theirs'));
  const env = { PATH: process.env['PATH'], KUBECONFIG: join(story.folder, 'operator.kubeconfig') };
  const planned = await run(process.execPath, [join(DIST, 'operator.mjs'), '--plan'], { env });
  console.log(planned);

  expect(planned).toMatch(/^(?:10m|9m\S*) +BurstWorker +burst-\S+ +what is left on it is forced$/m);
  expect(planned).toMatch(
    /^machine kwok-lost \(Kwok, running\) is this cluster's, and BurstWorker 0b9d2c44\S+ .* does not exist \(seen since \S+Z\): orphans are only reported/m,
  );
  expect(planned).not.toContain('kwok-theirs');
  const made = (await story.plane.audit()).filter(({ userAgent }) => userAgent.startsWith('cortex-operator-plan/'));
  expect(new Set(made.map(({ verb }) => verb))).toEqual(new Set(['get', 'list']));
});

test('what does not exist is answered by what does', async () => {
  await expect(cortex('explain', 'alloc/third')).rejects.toThrow(
    'There is no Allocation default/third. There are: default/first',
  );
});
