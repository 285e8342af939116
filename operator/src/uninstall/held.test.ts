import type { BurstWorker, NodeDrain, WorkerPool } from '@cortex/crds';
import { expect, test } from 'vitest';
import { type Held, heldIn, refusal, verdict, waiting } from './held.ts';

const object = (name: string, finalizer: string, more: object = {}, phase?: string) => ({
  metadata: { name, finalizers: [`cortex.automation/${finalizer}`], ...more },
  status: { phase },
});
const going = { deletionTimestamp: '2026-01-01T10:00:00Z' };

const inCluster = (objects: { drains?: object[]; workers?: object[]; pools?: object[] }): Held[] =>
  heldIn({
    drains: (objects.drains ?? []) as NodeDrain[],
    workers: (objects.workers ?? []) as BurstWorker[],
    pools: (objects.pools ?? []) as WorkerPool[],
  });

test('what bears no finalizer of ours would not hang', () => {
  const pools = [object('idle', 'workers', { finalizers: [] })];
  const workers = [object('foreign', 'vm', { finalizers: ['example.com/other'] })];

  expect(inCluster({ pools, workers })).toEqual([]);
  expect(verdict([])).toBe('free');
});

test('a worker, a cordon and a pool with workers would', () => {
  const held = inCluster({
    drains: [object('move', 'cordon')],
    workers: [object('burst-0', 'vm', {}, 'Ready')],
    pools: [object('burst', 'workers')],
  });

  expect(held.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'NodeDrain move',
    'BurstWorker burst-0',
    'WorkerPool burst',
  ]);
  expect(verdict(held)).toBe('refuse');
});

test.for([[going, 'Ready'] as const, [{}, 'Draining'] as const, [{}, 'Terminating'] as const])(
  'a worker with %j in phase %s ends by itself, and is waited for',
  ([metadata, phase]) => {
    const held = inCluster({
      workers: [object('burst-0', 'vm', metadata, phase)],
      pools: [object('burst', 'workers', going)],
    });

    expect(verdict(held)).toBe('wait');
    expect(waiting(held)).toBe('Waiting for 1 BurstWorker (burst-0), 1 WorkerPool (burst) to end.\n');
  },
);

test('one that does not end is enough to refuse, and alone is named, with what to do', () => {
  const workers = [object('b', 'vm', {}, 'Ready'), object('a', 'vm', {}, 'Ready'), object('c', 'vm', going)];
  const said = refusal(inCluster({ workers }));

  expect(said).toMatch(/^Not uninstalled: 2 BurstWorkers \(a, b\) would be left behind\./);
  expect(said).toContain('kubectl delete allocations --all --all-namespaces\n');
  expect(said).toContain('helm uninstall --no-hooks');
});

test('of many the first five are named', () => {
  const workers = Array.from({ length: 7 }, (_, i) => object(`w-${i}`, 'vm'));

  expect(refusal(inCluster({ workers }))).toContain('7 BurstWorkers (w-0, w-1, w-2, w-3, w-4, …) would');
});
