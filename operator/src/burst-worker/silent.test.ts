import { describe, expect, test } from 'vitest';
import { aNode, aPool, at, aWorker, holding, registered, seenOf } from '../testing/workers.ts';
import { decide } from './decide.ts';
import { departureOf } from './departure.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);

const lost = (more: Partial<Seen> = {}) =>
  seenOf({ worker: aWorker({}, registered()), nodeDeleted: true, vm: { state: 'running' }, ...more });

describe('S11: its Node was deleted while its machine runs', () => {
  test('Rejoin starts what joins it again', () => {
    expect(decisions(lost())).toEqual(['EnsureVm']);
  });

  test('Terminate ends it in the order of every other end', () => {
    const pool = aPool({ onNodeDeleted: 'Terminate' });

    expect(decisions(lost({ pool }))).toEqual(['DeleteWorker']);
    expect(departureOf(lost({ pool }), at('10:02:00'))).toBe('NodeDeleted');
  });

  test('nothing is done before the API server itself said so', () => {
    const pool = aPool({ onNodeDeleted: 'Terminate' });

    expect(decisions(lost({ pool, nodeDeleted: false }))).toEqual([]);
  });

  test('nothing is done while the provider does not know', () => {
    expect(decide(lost({ vm: { state: 'unknown' } }), at('10:02:00'))).toEqual({ actions: [], requeueAfterMs: 30_000 });
  });
});

const gone = (conditions = registered().conditions, more: Partial<Seen> = {}) =>
  seenOf({
    worker: aWorker({}, registered({ conditions: conditions ?? [] })),
    node: aNode({ ready: false }),
    vm: { state: 'absent' },
    ...more,
  });

describe('S7: its machine is gone under a silent Node', () => {
  const sighted = [
    ...holding('Admitted', 'Registered'),
    {
      type: 'VmGone',
      status: 'Unknown',
      reason: 'MachineLost',
      message: '',
      lastTransitionTime: '2030-01-01T10:02:00Z',
    } as const,
  ];

  test('it is looked for twice, half a minute apart', () => {
    expect(decide(gone(), at('10:02:00'))).toEqual({ actions: [], requeueAfterMs: 30_000 });
    expect(decide(gone(sighted), at('10:02:29'))).toEqual({ actions: [], requeueAfterMs: 1_000 });
    expect(departureOf(gone(sighted), at('10:02:30'))).toBe('MachineLost');
  });

  test('a Node that answers has a machine, whatever the provider says', () => {
    expect(departureOf(gone(sighted, { node: aNode() }), at('11:00:00'))).toBeUndefined();
  });

  test('S9: too many that are missing at once stay, and say why', () => {
    const held = gone(sighted, { held: 'removals are stopped: ten are missing' });

    expect(departureOf(held, at('11:00:00'))).toBeUndefined();
    expect(decide(held, at('11:00:00'))).toEqual({ actions: [], requeueAfterMs: 30_000 });
    expect(report(held, undefined, at('11:00:00'))?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'VmGone',
        status: 'Unknown',
        message: 'The provider does not know machine vm-1; removals are stopped: ten are missing',
      }),
    );
  });

  test('an unknown machine is no missing one', () => {
    expect(departureOf(gone(sighted, { vm: { state: 'unknown' } }), at('11:00:00'))).toBeUndefined();
  });

  test('one that is merely off is switched on again', () => {
    expect(decisions(gone(undefined, { vm: { state: 'stopped' } }))).toEqual(['EnsureVm']);
  });
});
