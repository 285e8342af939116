import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Allocation } from '@cortex/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allocation, kwokPool, Story } from './system/story.ts';

const PAGE = join(import.meta.dirname, '../../docs/metrics.md');

let story: Story;

beforeAll(async () => {
  story = await Story.begin();
  await story.apply(kwokPool('burst'));
});
afterAll(() => story.end());

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

/** Names of the metrics that have a value, histograms by their own name. */
function told(scrape: string): Set<string> {
  const samples = scrape.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Set(samples.map((line) => line.replace(/[{ ].*/, '').replace(/_(?:bucket|sum|count)$/, '')));
}

test('after one life of a job every documented metric has a value, and every other one is documented', async () => {
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
  const scrape = await scraped();
  const names = [...told(scrape)].filter((name) => !/^(?:process|nodejs)_/.test(name));
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `(?<name>\w+)`/gm)];
  const documented = rows.map(({ groups }) => groups?.['name'] ?? '');
  expect(names.toSorted()).toEqual(documented.toSorted());
  expect(scrape).toContain('cortex_eviction_requests_total{code="201"} 1');
  expect(scrape).toContain('cortex_allocations_finished_total{reason="ExceedsMaxQuota"} 1');
  expect(scrape).toContain('cortex_leader 1');
});
