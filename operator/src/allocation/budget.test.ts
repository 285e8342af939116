import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Call, isWrite } from '../testing/simulation/line-to.ts';
import { Simulation } from '../testing/simulation/simulation.ts';
import { allocation, at, pool, server } from '../testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ now: at('10:00:00') }));
afterEach(() => void vi.useRealTimers());

const burst = pool('burst', { limits: { workers: 5 }, provider: { type: 'Kwok', kwok: { bootDelay: '1s' } } });

let simulation: Simulation;
beforeEach(() => {
  simulation = new Simulation();
  simulation.apply(burst);
});

/** Writes about Allocations, wishes and the claims of workers, in a word each; the rest are other budgets. */
function writesOf(): string[] {
  const own = new Set(['allocations', 'mcpserverscales']);
  const isOurs = ({ verb, resource }: Call): boolean =>
    own.has(resource) || (verb === 'create' && resource === 'burstworkers');
  return simulation.operator.line.calls
    .filter((call) => isWrite(call) && isOurs(call))
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

/** Writes until this Allocation was written for the last time; what the pool does on its own account is left out. */
function callsUpTo(name: string): string[] {
  const writes = simulation.operator.line.calls.filter((call) => isWrite(call) && call.resource !== 'workerpools');
  const last = writes.findLastIndex((call) => call.resource === 'allocations' && call.name === name);
  return writes
    .slice(0, last + 1)
    .filter(({ verb }) => verb !== 'create')
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

const isActive = (name: string) => (): boolean => simulation.allocation(name)?.status?.phase === 'Active';
const isOver = (name: string) => (): boolean => simulation.allocation(name)?.status?.finishedAt !== undefined;

/** Long enough for anything that was put off to be written. */
const AFTERMATH = 30_000;

describe('writes of the operator, equal to the floor (quality.md)', () => {
  test('B5: an Allocation without workers: Ready', async () => {
    simulation.apply(allocation('idle', { count: 0 }));
    await simulation.until(isActive('idle'), 'Active');
    await simulation.pass(AFTERMATH);

    expect(writesOf()).toEqual(['update allocations']);
  });

  test('B5: and one for each of its servers', async () => {
    simulation.apply(server('github'));
    simulation.apply(server('filesystem'));
    simulation.apply(allocation('talks', { count: 0, mcpServers: ['github', 'filesystem'] }));
    await simulation.until(isActive('talks'), 'Active');
    await simulation.pass(AFTERMATH);

    expect(writesOf()).toEqual(['create mcpserverscales', 'create mcpserverscales', 'update allocations']);
  });

  test('B5: an Allocation with k new workers: the reservation, k creates, Ready', async () => {
    simulation.apply(allocation('job', { count: 3 }));
    await simulation.until(isActive('job'), 'Active');
    await simulation.pass(AFTERMATH);

    expect(writesOf()).toEqual([
      'update allocations',
      'create burstworkers',
      'create burstworkers',
      'create burstworkers',
      'update allocations',
    ]);
  });

  test('B5: an Allocation with k warm workers: k claims, k Node marks, Ready', async () => {
    simulation.apply(pool('kept', { default: false, warm: 2, defaultSize: 'small', provider: burst.spec.provider }));
    await simulation.until(() => simulation.pools.some(({ status }) => status?.workers?.warm === 2), 'warm');
    await simulation.pass(AFTERMATH);
    simulation.operator.line.calls.length = 0;

    simulation.apply(allocation('job', { count: 2, size: 'small', pool: 'kept' }));
    await simulation.until(isActive('job'), 'Active');

    expect(callsUpTo('job').toSorted()).toEqual([
      'patch burstworkers',
      'patch burstworkers',
      'patch nodes',
      'patch nodes',
      'update allocations',
    ]);
  });

  test('a claimed worker says once whose it is, and its end does not move for it', async () => {
    simulation.apply(pool('kept', { default: false, warm: 1, defaultSize: 'small', provider: burst.spec.provider }));
    await simulation.until(() => simulation.pools.some(({ status }) => status?.workers?.warm === 1), 'warm');
    await simulation.pass(AFTERMATH);
    simulation.operator.line.calls.length = 0;

    simulation.apply(allocation('job', { count: 1, size: 'small', pool: 'kept' }));
    await simulation.until(isActive('job'), 'Active');
    await simulation.pass(AFTERMATH);

    const claimed = simulation.workers.find(({ spec }) => spec.claimRef !== undefined)?.metadata.name;
    const updates = simulation.operator.line.calls.filter(({ verb, name }) => verb === 'update' && name === claimed);
    expect(updates).toHaveLength(1);
  });

  test('B5: a new worker: checkpoint, Launched, Node, Ready, and no more for the sake of its claim', async () => {
    simulation.apply(allocation('job', { count: 1 }));
    await simulation.until(isActive('job'), 'Active');
    await simulation.pass(AFTERMATH);

    const [name] = simulation.workers.map(({ metadata }) => metadata.name);
    const writes = simulation.operator.line.calls.filter(
      (call) => isWrite(call) && call.name === name && call.verb !== 'create',
    );
    expect(writes.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'update burstworkers',
      'update burstworkers',
      'patch nodes',
      'update burstworkers',
    ]);
  });

  test('B5: its expiry: Expiring, Releasing, Finished, one for each wish', async () => {
    simulation.apply(server('github'));
    simulation.apply(allocation('job', { count: 2, ttl: '10m', mcpServers: ['github'] }));
    await simulation.until(isActive('job'), 'Active');
    simulation.operator.line.calls.length = 0;
    await simulation.until(isOver('job'), 'over', 3_600_000);
    await simulation.pass(AFTERMATH);

    expect(writesOf()).toEqual([
      'update allocations',
      'delete mcpserverscales',
      'update allocations',
      'update allocations',
    ]);
  });

  test('B5: and one where it is collected', async () => {
    simulation.apply(allocation('job', { count: 1, ttl: '10m', ttlAfterFinished: '1m' }));
    await simulation.until(isOver('job'), 'over', 3_600_000);
    simulation.operator.line.calls.length = 0;
    await simulation.until(() => simulation.allocation('job') === undefined, 'collected', 3_600_000);

    expect(writesOf()).toEqual(['delete allocations']);
  });

  test('A14: a Pending Allocation that is deleted: nothing', async () => {
    simulation.apply(allocation('first', { count: 5 }));
    await simulation.until(isActive('first'), 'Active');
    simulation.apply(allocation('waits', { count: 5 }));
    await simulation.until(() => simulation.allocation('waits')?.status !== undefined, 'told');
    simulation.operator.line.calls.length = 0;

    simulation.delete('waits');
    await simulation.pass(AFTERMATH);

    expect(writesOf()).toEqual([]);
  });

  test('A7: waiting costs one write, however much happens ahead of it', async () => {
    simulation.apply(allocation('first', { count: 5 }));
    await simulation.until(isActive('first'), 'Active');
    simulation.operator.line.calls.length = 0;
    simulation.apply(allocation('waits', { count: 5, queueTimeout: '8h' }));
    for (const name of ['b', 'c', 'd']) {
      simulation.apply(allocation(name, { count: 5, priority: 'High', queueTimeout: '8h' }));
      await simulation.pass(60_000);
    }

    expect(writesOf()).toHaveLength(4);
  });

  test('B5: at rest, and after a restart: nothing', async () => {
    simulation.apply(server('github'));
    simulation.apply(allocation('job', { count: 2, mcpServers: ['github'], ttl: '8h' }));
    simulation.apply(allocation('waits', { count: 5, queueTimeout: '8h' }));
    await simulation.until(isActive('job'), 'Active');
    await simulation.pass(AFTERMATH);

    await simulation.restart();
    await simulation.pass(10 * 60_000);

    expect(simulation.operator.line.calls.filter(isWrite)).toEqual([]);
  });
});
