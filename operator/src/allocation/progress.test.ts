import type { AllocationStatus } from '@cortex/crds';
import { expect, test } from 'vitest';
import { look, server } from '../testing/looks.ts';
import { allocation, at, pool, reserving, running, says, warm, worker } from '../testing/world.ts';
import { ProgressGate } from './progress.ts';
import { report } from './status.ts';
import { reservation, waiting } from './verdicts.ts';

const job = allocation('job', { count: 2 });
const burst = pool('burst');
const small = { name: 'small', cpu: '2', memory: '4Gi' };

const reserved = {
  ...job,
  status: reservation(job, { pool: burst, size: small }, [], { state: 'None' }, at('10:00:00')),
};
const [first = '', second = ''] = (reserved.status.workers ?? []).map(({ name }) => name);
const up = (name: string) => running(worker(name, { claimedBy: job }));

const told = (seen: Parameters<typeof report>[0], time = '10:00:00'): AllocationStatus =>
  report(seen, undefined, at(time)) ?? {};

test('budget: between the reservation and Ready of k new workers nothing is written', () => {
  const gate = new ProgressGate();

  expect(gate.delayMs(reserved, told(look(reserved)), 0)).toBe(10_000);
  expect(gate.delayMs(reserved, told(look(reserved, { claimed: [up(first)] })), 4_000)).toBe(6_000);
  expect(gate.delayMs(reserved, told(look(reserved, { claimed: [up(first), up(second)] })), 5_000)).toBe(0);
});

test('budget: between the claims of k free workers and Ready nothing is written', () => {
  const claimed = ['w-1', 'w-2'].map((name) => warm(name, { claimedBy: job }));
  const gate = new ProgressGate();

  expect(gate.delayMs(job, told(look(job, { claimed, marked: new Set() })), 0)).toBe(10_000);
  expect(gate.delayMs(job, told(look(job, { claimed })), 1)).toBe(0);
});

test('budget: nor of one that had to wait for them', () => {
  const waits = { ...job, status: waiting(job, { reason: 'InsufficientWorkers', message: '' }, at('10:00:00')) };
  const claimed = ['w-1', 'w-2'].map((name) => warm(name, { claimedBy: job }));

  expect(new ProgressGate().delayMs(waits, told(look(waits, { claimed, marked: new Set() })), 0)).toBe(10_000);
});

test('progress that lasts is written every ten seconds', () => {
  const gate = new ProgressGate();
  const progress = told(look(reserved, { claimed: [up(first)] }));

  expect(gate.delayMs(reserved, progress, 0)).toBe(10_000);
  expect(gate.delayMs(reserved, progress, 10_000)).toBe(0);
  expect(gate.delayMs(reserved, progress, 10_001)).toBe(10_000);
});

test('a new reason is written at once', () => {
  const refused = says(up(first), 'Ready', false, 'ProviderError', 'no such image');

  expect(new ProgressGate().delayMs(reserved, told(look(reserved, { claimed: [refused] })), 0)).toBe(0);
});

test('a server that went away is said at once', () => {
  const lonely = allocation('lonely', { count: 0, mcpServers: ['github'] });
  const ready = { ...lonely, status: told(look(lonely, { servers: [server('github')] })) };

  expect(
    new ProgressGate().delayMs(ready, told(look(ready, { servers: [server('github', { phase: 'missing' })] })), 0),
  ).toBe(0);
});

test('a loss is written at once, and what is gone after it too', () => {
  const active = reserving(job, [first, second], { phase: 'Active', readyAt: '2030-01-01T10:00:00Z', nextOrdinal: 2 });
  const before = { ...active, status: told(look(active, { claimed: [up(first), up(second)] })) };

  expect(new ProgressGate().delayMs(before, told(look(before, { claimed: [up(first)] })), 0)).toBe(0);
});

test('a status that says nothing new begins no waiting', () => {
  const gate = new ProgressGate();
  const progress = told(look(reserved, { claimed: [up(first)] }));

  gate.delayMs(reserved, progress, 0);
  gate.delayMs(reserved, reserved.status, 5_000);
  expect(gate.delayMs(reserved, progress, 9_000)).toBe(10_000);
});
