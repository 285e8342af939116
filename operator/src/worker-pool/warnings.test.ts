import { expect, test } from 'vitest';
import { conditionOf } from '../conditions.ts';
import { ledger } from '../admission/ledger.ts';
import type { Leak } from '../orphans/suspect.ts';
import { at, pool } from '../testing/world.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const burst = pool('burst');

const look = (more: Partial<Seen> = {}): Seen => ({
  pool: burst,
  workers: [],
  ledger: ledger(burst, [], []),
  pending: 0,
  oldestSince: undefined,
  notBuilt: undefined,
  provider: undefined,
  olderDefault: undefined,
  nodes: [],
  breaker: { why: undefined, allowance: { kind: 'None' } },
  leaks: undefined,
  ...more,
});

const told = (more: Partial<Seen>, type: 'BreakerOpen' | 'LeaksFound') => {
  const status = report(look(more), at('10:00:00'));
  const said = conditionOf(status?.conditions, type);
  return { line: said && `${said.status} ${said.reason}: ${said.message}`, breaker: status?.breaker };
};

const WHY = 'more than 3 of 10 in WorkerPool burst would go within 10 minutes, and nobody named them';

test('S9: the pool says that removals are stopped, why, and who can change that; and keeps it for the next process', () => {
  const { line, breaker } = told({ breaker: { why: WHY, allowance: { kind: 'None' } } }, 'BreakerOpen');

  expect(line).toMatch(/^True TooManyRemovals: more than 3 of 10 .* set annotation cortex\.automation\/allow-/);
  expect(breaker).toEqual({ why: WHY });
});

test('S9: what a person allowed is said with its end, and looked at again then', () => {
  const breaker = { why: undefined, allowance: { kind: 'Allowed', until: '2030-01-01T10:30:00Z' } } as const;
  const finalizers = ['cortex.automation/workers'];
  const held = { ...burst, metadata: { ...burst.metadata, finalizers } };

  expect(told({ breaker }, 'BreakerOpen')).toEqual({
    line: 'False RemovalsAllowed: Removals that nobody named are allowed until 2030-01-01T10:30:00Z',
    breaker: undefined,
  });
  expect(decide(look({ breaker, pool: held }), at('10:00:00')).requeueAfterMs).toBe(1_800_000);
});

test('S9: an allowance that is refused is said, and remembered', () => {
  const allowance = { kind: 'Refused', value: 'tomorrow', why: 'is no moment' } as const;
  const closed = told({ breaker: { why: undefined, allowance } }, 'BreakerOpen');

  expect(closed.line).toContain('False FewRemovals');
  expect(closed.line).toContain('"tomorrow" in cortex.automation/allow-removals-until is not heeded: it is no moment');
  expect(closed.breaker).toEqual({ refused: 'tomorrow' });
  expect(told({ breaker: { why: WHY, allowance } }, 'BreakerOpen').line).toContain('"tomorrow" in');
});

const LEAK: Leak = {
  kind: 'Machine',
  key: 'Machine Proxmox 101',
  pool: 'burst',
  provider: 'Proxmox',
  workerUid: 'uid',
  firstSeenAt: at('09:00:00').getTime(),
  provenAt: at('09:15:00').getTime(),
  id: '101',
  host: 'pve1',
  state: 'running',
  held: 'orphans are only reported',
};

test('S6: the pool names what nobody claims, and takes it back once that is gone', () => {
  const said = told({ leaks: [LEAK] }, 'LeaksFound').line;
  expect(said).toMatch(/^True MachineLeaked: machine 101 on pve1 .*: orphans are only reported$/);

  const found = { ...burst, status: report(look({ leaks: [LEAK] }), at('10:00:00')) as object };
  expect(told({ pool: found, leaks: undefined }, 'LeaksFound').line).toBe(said);
  expect(told({ pool: found, leaks: [] }, 'LeaksFound').line).toContain('False NothingLeaked');
  expect(told({ leaks: [] }, 'LeaksFound').line).toBeUndefined();
});
