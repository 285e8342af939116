import type { BurstWorker } from '@cortex/crds';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool, worker } from '../testing/world.ts';

let simulation: Simulation;
beforeEach(() => {
  vi.useFakeTimers({ now: at('10:00:00') });
  simulation = new Simulation();
  simulation.apply(pool('burst', { limits: { workers: 5 }, provider: { type: 'Kwok', kwok: { bootDelay: '1s' } } }));
});
afterEach(() => void vi.useRealTimers());

const job = () => simulation.allocation('job');
const isReady = (): boolean => conditionOf(job()?.status?.conditions, 'Ready')?.status === 'True';
const isStalled = (): boolean => conditionOf(job()?.status?.conditions, 'Stalled')?.status === 'True';

/** Somebody is faster with the name of the job's worker of this ordinal. */
function beFaster(ordinal: number): void {
  let done = false;
  simulation.operator.line.trouble = {
    before: ({ verb, resource, name }) => {
      if (done || verb !== 'create' || resource !== 'burstworkers' || !name.endsWith(`-${ordinal}`)) return;
      done = true;
      simulation.apply(worker(name));
    },
  };
}

test("C1: a person's worker of a name that a job needs stays theirs; the job says so, and goes on once it is deleted", async () => {
  beFaster(0);
  simulation.apply(allocation('job', { count: 2, size: 'small' }));
  await simulation.until(isStalled, 'told of the conflict');
  await simulation.pass(60_000);

  const theirs = simulation.workers.find(({ metadata }) => metadata.name.endsWith('-0')) as BurstWorker;
  expect(theirs.spec.claimRef).toBeUndefined();
  expect(theirs.status?.phase).toBe('Ready');
  expect(conditionOf(job()?.status?.conditions, 'Ready')?.message).toBe(
    `BurstWorker ${theirs.metadata.name} exists and is not this Allocation's; delete it to let the Allocation go on`,
  );

  simulation.deleteWorker(theirs.metadata.name);
  await simulation.until(isReady, 'the job Ready');

  expect(isStalled()).toBe(false);
  expect(simulation.workers.map(({ spec }) => spec.claimRef?.name)).toEqual(['job', 'job']);
});

test('C1: a job that runs goes on too once the name of a replacement is given back', async () => {
  simulation.apply(allocation('job', { count: 1, size: 'small', ttl: '8h' }));
  await simulation.until(isReady, 'the job Ready');
  beFaster(1);
  simulation.deleteWorker(simulation.workers[0]?.metadata.name ?? '');
  await simulation.until(isStalled, 'told of the conflict');
  await simulation.pass(60_000);

  simulation.deleteWorker(simulation.workers[0]?.metadata.name ?? '');
  await simulation.until(isReady, 'the job Ready again');

  expect(simulation.workers.map(({ spec }) => spec.claimRef?.name)).toEqual(['job']);
});

test('C1: a chosen worker that is deleted before it is claimed is replaced once it is gone', async () => {
  simulation.apply(worker('spare', { claimable: true }));
  await simulation.until(() => simulation.workers[0]?.status?.phase === 'Ready', 'a free worker');
  await simulation.pass(30_000);
  let done = false;
  simulation.operator.line.trouble = {
    before: ({ verb, resource, name }) => {
      if (done || verb !== 'patch' || resource !== 'burstworkers' || name !== 'spare') return;
      done = true;
      simulation.deleteWorker('spare');
    },
  };

  simulation.apply(allocation('job', { count: 2, size: 'small' }));
  await simulation.until(isReady, 'the job Ready');

  expect(done).toBe(true);
  expect(simulation.workers.map(({ spec }) => spec.claimRef?.name)).toEqual(['job', 'job']);
});
