import { describe, expect, test } from 'vitest';
import { aDrain, drainSeen } from '../testing/drains.ts';
import { aNode, aPlan, at, cordoned, holding } from '../testing/workers.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const now = at('10:02:00');
const drain = { startedAt: '2030-01-01T10:00:00Z', deadline: '2030-01-01T10:10:00Z' };
const begun = { phase: 'Draining' as const, nodeUID: 'uid-of-node', drain };
const closed = { node: cordoned(aNode()), cordoned: true };

const drained = (seen: Seen): string | undefined => {
  const said = report(seen, now)?.conditions?.find(({ type }) => type === 'Drained');
  return said && `${said.status}/${said.reason}`;
};

describe('what a NodeDrain says', () => {
  test('C7: which Node it means, and until when, before anything moves', () => {
    expect(report(drainSeen({ node: aNode() }), now)).toMatchObject({
      phase: 'Draining',
      nodeUID: 'uid-of-node',
      drain: { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' },
    });
  });

  test('D12: a longer timeout moves no deadline', () => {
    const longer = aDrain(begun, {}, { timeout: '2h' });

    expect(report(drainSeen({ ...closed, drain: longer, plan: aPlan() }), now)?.drain?.deadline).toBe(drain.deadline);
  });

  test('D5: that it is drained once the Node is empty and cordoned, and that it no longer is', () => {
    const done = report(drainSeen({ ...closed, drain: aDrain(begun), plan: aPlan({ drained: true }) }), now);

    expect(done?.phase).toBe('Drained');
    expect(drained(drainSeen({ node: aNode(), drain: aDrain(done) }))).toBe('False/Draining');
    expect(report(drainSeen({ ...closed, drain: aDrain(done) }), at('10:30:00'))).toEqual(done);
  });

  test('D15: that volumes are still attached, until they are gone or were waited for long enough', () => {
    const empty = { ...closed, plan: aPlan({ drained: true }), volumes: ['pv-1'] };
    const waiting = report(drainSeen({ ...empty, drain: aDrain(begun) }), now);
    const then = (volumes: string[], time: string) =>
      report(drainSeen({ ...closed, drain: aDrain(waiting), volumes }), at(time));

    expect(waiting?.phase).toBe('Draining');
    expect(waiting?.conditions?.map(({ type, status, reason }) => `${type}=${status}/${reason}`)).toEqual([
      'Cordoned=True/Draining',
      'Drained=True/Drained',
      'VolumesDetached=False/VolumesAttached',
    ]);
    expect(then(['pv-1'], '10:06:59')).toEqual(waiting);
    expect(then(['pv-1'], '10:07:00')?.phase).toBe('Drained');
    expect(then([], '10:03:00')?.phase).toBe('Drained');
  });

  test('D5: that it is no longer drained where somebody took its cordon away and it is there again', () => {
    const done = aDrain({ ...begun, conditions: holding('Drained') });
    const again = { node: cordoned(aNode(), '10:01:00'), cordoned: true, plan: aPlan({ drained: true }) };
    const reopened = report(drainSeen({ ...again, drain: done }), now);

    expect(drained(drainSeen({ ...again, drain: done }))).toBe('False/Draining');
    expect(drained(drainSeen({ ...again, drain: aDrain(reopened) }))).toBe('True/Drained');
  });

  test('D11: what keeps pods from leaving', () => {
    const blockage = { reason: 'PDBNeverAllows', message: 'PodDisruptionBudget team/db' } as const;

    expect(drained(drainSeen({ ...closed, drain: aDrain(begun), plan: aPlan({ blockage }) }))).toBe(
      'False/PDBNeverAllows',
    );
  });

  test.for<[string, Partial<Seen>, string]>([
    ['that an older one acts', { older: aDrain() }, 'False/AlreadyDraining'],
    ['that it refuses the last Node of the control plane', { lastControlPlane: true }, 'False/LastControlPlane'],
    ['that it waits for its Node', { node: undefined }, 'False/NodeNotFound'],
    ['that nothing can be trusted now', { frozen: 'a copy' }, 'False/Frozen'],
  ])('%s', ([, more, expected]) => {
    expect(drained(drainSeen({ node: aNode(), ...more }))).toBe(expected);
  });

  test('C7: that it has ended with its Node, once', () => {
    const ended = report(drainSeen({ drain: aDrain(begun) }), now);

    expect(ended?.phase).toBe('Drained');
    expect(ended?.conditions).toContainEqual(expect.objectContaining({ type: 'Drained', reason: 'NodeGone' }));
    expect(report(drainSeen({ drain: aDrain(ended) }), at('10:30:00'))).toBeUndefined();
  });

  test('C7: that it undoes its part', () => {
    const going = aDrain({ ...begun, conditions: holding('Drained') }, { deletionTimestamp: '2030-01-01T10:02:00Z' });

    expect(report(drainSeen({ ...closed, drain: going }), now)?.phase).toBe('Restoring');
    expect(report(drainSeen({ drain: going }), now)).toBeUndefined();
  });
});
