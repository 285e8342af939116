import { expect, test } from 'vitest';
import { allocation, says } from '../testing/world.ts';
import { seen, shown, small } from '../testing/snapshot.ts';
import type { Snapshot } from './cluster.ts';
import { status } from './status.ts';

/** Held by cortex-operator-0, renewed then. */
const lease = (renewTime: string) =>
  ({ spec: { holderIdentity: 'cortex-operator-0', renewTime } }) as unknown as Snapshot['lease'];

test('status says who leads, what the pools have, and explains what is not as it should be', () => {
  const waits = says(
    allocation('job', { count: 9 }),
    'Ready',
    false,
    'ExceedsMaxQuota',
    "Insufficient workers: requested 9, available 4 (the pool's limit)",
  );
  const lines = shown(
    status(
      seen({
        pools: [says(small, 'Ready', true, 'Ready')],
        allocations: [waits],
        lease: lease('2030-01-01T10:29:58Z'),
      }),
    ),
  );

  expect(lines[2]).toBe('yes    cortex-operator-0  2s ago');
  expect(lines[6]).toMatch(/^burst {2}Burst {2}yes {4}0\/0 {6}0 /);
  expect(lines[9]).toMatch(
    /^Allocation team\/job has been not Ready for 30m: Insufficient workers: requested 9, available 4/,
  );
});

test('status says that nobody leads when the lease was not renewed, or is not there', () => {
  expect(shown(status(seen({ lease: lease('2030-01-01T10:29:00Z') })))[2]).toBe('no     cortex-operator-0  1m ago');
  expect(shown(status(seen()))[2]).toBe('no     nobody  -');
});

test('S6, S9: status names pools that work and whose breaker is open, or of which something leaks', () => {
  const open = says(
    says(small, 'Ready', true, 'Ready'),
    'BreakerOpen',
    true,
    'TooManyRemovals',
    'more than 3 would go',
  );
  const pools = [says(open, 'LeaksFound', true, 'MachineLeaked', 'machine 101 is leaked')];

  expect(shown(status(seen({ pools }))).slice(-3)).toEqual([
    'Not as it should be',
    'WorkerPool burst says TooManyRemovals: more than 3 would go.',
    'WorkerPool burst says MachineLeaked: machine 101 is leaked.',
  ]);
});
