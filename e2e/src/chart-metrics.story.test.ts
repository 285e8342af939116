import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Allocation } from '@cortex/crds';
import { type Collector, openCollector } from '@cortex/operator/testing/collector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blindSpots, filledIn } from './metrics/query.ts';
import { metricsIn, seriesIn } from './metrics/scrape.ts';
import { NOW, Scrapes } from './metrics/scrapes.ts';
import { ALERTS } from './promql/alerts.ts';
import { ask } from './promql/engine.ts';
import { callTool } from './system/mcp.ts';
import { allocation, kwokPool, Story } from './system/story.ts';
import { startFacade } from './system/system.ts';

const ROOT = join(import.meta.dirname, '../..');
const MONITORING = join(ROOT, 'charts/cortex-resource-manager/monitoring');

let story: Story;
let collector: Collector;
let tracing: Record<string, string>;

beforeAll(async () => {
  await ask([], []); // built now, where it is not yet
  collector = await openCollector();
  tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  story = await Story.begin({ env: tracing });
  await story.apply(kwokPool('burst'));
}, 900_000);
afterAll(async () => {
  await story.end();
  await collector[Symbol.asyncDispose]();
});

const isReady = ({ status }: Allocation): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

const scraped = async (): Promise<string> => await (await fetch(`${story.url}/metrics`)).text();

/** A pod of the job, so that there is something to evict. */
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: work, namespace: default}
spec:
  terminationGracePeriodSeconds: 1
  nodeSelector: {cortex.automation/job: default.job}
  tolerations: [{key: cortex.automation/job, operator: Exists}]
  containers: [{name: work, image: registry.example/work}]
`;

/** A pool whose Proxmox does not answer, and a worker that asks for a machine of it. */
const SILENT = `
apiVersion: v1
kind: Secret
metadata: {name: pve, namespace: cortex-system}
stringData: {token: 'cortex@pve!operator=00000000-0000-0000-0000-000000000000'}
---
apiVersion: cortex.automation/v1alpha1
kind: WorkerPool
metadata: {name: pve}
spec:
  class: Burst
  provider:
    type: Proxmox
    proxmox: {url: 'https://127.0.0.1:1', tokenSecretRef: {name: pve}, pool: cortex, hosts: [{name: pve1, template: 9000}]}
---
apiVersion: cortex.automation/v1alpha1
kind: BurstWorker
metadata: {name: silent}
spec: {pool: pve}
`;

/** Metrics of our own that have a value. */
const told = (scrape: string): string[] =>
  [...metricsIn(scrape)].filter((name) => !/^(?:process|nodejs)_/.test(name)).toSorted();

/** The metrics below this heading of docs/metrics.md. */
function documented(process: 'Operator' | 'MCP facade'): string[] {
  const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(process)) ?? '';
  return [...section.matchAll(/^\| `(?<name>\w+)`/gm)].map(({ groups }) => groups?.['name'] ?? '').toSorted();
}

/** What the dashboard asks. */
function shown(): string[] {
  const dashboard = JSON.parse(readFileSync(join(MONITORING, 'dashboard.json'), 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** Queries that have an answer only where something is wrong with a pool. */
const OF_TROUBLE = /cortex_pool_condition/;

test('after one life of a job every documented metric has a value, every other one is documented, and the dashboard has answers', async () => {
  const scrapes = new Scrapes();
  await scrapes.begin('operator', story.url);
  await story.apply(allocation('job', 'workers: {count: 1, size: small}'));
  await story.allocations.until('default/job', isReady);
  await story.apply(POD);
  await story.kubectl('wait', 'pod/work', '--for=condition=Ready', '--timeout=30s');
  await story.apply(allocation('too-much', 'workers: {count: 100}\nwhenInsufficient: Fail'));
  await story.allocations.until('default/too-much', ({ status }) => status?.phase === 'Failed');
  await story.kubectl('delete', 'alloc', 'job', '--wait=false');
  await story.workers.eventually((workers) => (workers.length === 0 ? true : undefined), 'the worker to go');

  await story.apply(SILENT);
  await expect.poll(scraped, { timeout: 30_000 }).toMatch(/^cortex_provider_calls_total\{provider="Proxmox".*\} \d/m);
  const scrape = await scrapes.end('operator', story.url);
  expect(told(scrape)).toEqual(documented('Operator'));
  expect(scrape).toContain('cortex_eviction_requests_total{code="201"} 1');
  expect(scrape).toContain('cortex_allocations_finished_total{reason="ExceedsMaxQuota"} 1');
  expect(scrape).toContain('cortex_leader 1');

  const { facade, url, health } = await startFacade(story.plane, { folder: story.folder });
  await callTool(url, 'get_capacity', {});
  await scrapes.begin('facade', health);
  await callTool(url, 'get_capacity', {});
  const ofFacade = await scrapes.end('facade', health);
  await facade.end();
  expect(told(ofFacade)).toEqual(documented('MCP facade'));
  const series = seriesIn(scrape + ofFacade);
  const asked = [...shown(), ...ALERTS.map(({ expr }) => expr)];
  expect(asked.flatMap((expression) => blindSpots(expression, series))).toEqual([]);

  const queries = asked.map((expr) => ({ at: NOW, expr: filledIn(expr) }));
  const answers = await ask(scrapes.all, queries);
  const answered = asked.map((expr, i) => ({ expr, ...answers[i] }));
  expect(answered.filter(({ error }) => error !== undefined)).toEqual([]);
  const silent = answered.slice(0, shown().length).filter(({ samples = [] }) => samples.length === 0);
  expect(silent.filter(({ expr }) => !OF_TROUBLE.test(expr))).toEqual([]);
  // Of the pool whose Proxmox is silent that may be said already; nothing else is wrong.
  const alarms = answered.slice(shown().length).filter(({ samples = [] }) => samples.length > 0);
  expect(alarms.filter(({ expr }) => !expr.includes('type="Ready"'))).toEqual([]);
});

/** What a caller sends who is in a trace already. */
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

test('with a collector, the call of a tool and everything that follows from it until the machine is gone is one trace', async () => {
  const { facade, url } = await startFacade(story.plane, { folder: story.folder, env: tracing });
  const wish = { job_id: 'traced', workers: 1, wait_ready: true, timeout: 60 };
  const { allocation_id } = await callTool(url, 'request_resources', wish, { headers: { traceparent } });
  await callTool(url, 'release_resources', { allocation_id }, { meta: { traceparent } });
  await story.workers.eventually(
    (workers) => (workers.some(({ spec }) => spec.pool === 'burst') ? undefined : true),
    'the worker to go',
  );
  await facade.end();
  await story.operator.end();

  const spans = collector.received.filter(({ traceId }) => traceId === CALLER.traceId);
  const named = (name: string) => spans.find((span) => span.name === name);
  expect(spans.map(({ name, service }) => `${service} ${name}`)).toEqual(
    expect.arrayContaining([
      'cortex-mcp-facade tools/call request_resources',
      'cortex-mcp-facade tools/call release_resources',
      'cortex-operator Allocation',
      'cortex-operator queue',
      'cortex-operator allocation CreateWorker',
      'cortex-operator BurstWorker',
      'cortex-operator launch',
      'cortex-operator burst-worker EnsureVm',
      'cortex-operator join',
      'cortex-operator drain',
      'cortex-operator destroy',
    ]),
  );
  expect(named('tools/call request_resources')?.parentSpanId).toBe(CALLER.spanId);
  expect(named('Allocation')?.parentSpanId).toBe(named('tools/call request_resources')?.spanId);
  expect(named('BurstWorker')?.parentSpanId).toBe(named('Allocation')?.spanId);
  expect(named('join')?.parentSpanId).toBe(named('BurstWorker')?.spanId);
  expect(named('burst-worker EnsureVm')?.parentSpanId).toBe(named('BurstWorker')?.spanId);
  expect(named('destroy')?.parentSpanId).toBe(named('BurstWorker')?.spanId);

  // What nobody asked for through a facade has a trace of its own, and no secret is in any.
  expect(collector.received.some(({ name, traceId }) => name === 'held' && traceId !== CALLER.traceId)).toBe(true);
  expect(JSON.stringify(collector.received)).not.toMatch(/00000000-0000-0000-0000-000000000000|[Bb]earer|eyJ/);
});
