import { describe, expect, test } from 'vitest';
import { aDrain, drainSeen } from '../testing/drains.ts';
import { aNode, aPlan, at, aWorker, cordoned, holding, registered } from '../testing/workers.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);

const drain = { startedAt: '2030-01-01T10:00:00Z', deadline: '2030-01-01T10:10:00Z' };
const begun = { phase: 'Draining' as const, nodeUID: 'uid-of-node', drain };
const deleted = { deletionTimestamp: '2030-01-01T10:02:00Z' };
const closed = { node: cordoned(aNode()), cordoned: true };

describe('C7: a NodeDrain', () => {
  test('holds its finalizer before it cordons', () => {
    expect(decisions(drainSeen({ drain: aDrain(undefined, { finalizers: [] }), node: aNode() }))).toEqual([
      'AddFinalizer',
    ]);
  });

  test('has bound its Node and counted its deadline before it cordons', () => {
    expect(decisions(drainSeen({ node: aNode() }))).toEqual([]);
    expect(decisions(drainSeen({ drain: aDrain({ nodeUID: 'uid-of-node' }), node: aNode() }))).toEqual([]);
    expect(decisions(drainSeen({ drain: aDrain(begun), node: aNode() }))).toEqual(['Cordon']);
  });

  test('evicts as the plan says, and rests once nothing is left', () => {
    const actions = [{ kind: 'Evict', pod: { namespace: 'team', name: 'web', uid: 'u' } }] as const;
    const drained = aDrain({ ...begun, conditions: holding('Drained') });

    expect(decisions(drainSeen({ ...closed, drain: aDrain(begun), plan: aPlan({ actions }) }))).toEqual(['EmptyNode']);
    expect(decisions(drainSeen({ ...closed, drain: aDrain(begun), plan: aPlan({ drained: true }) }))).toEqual([]);
    expect(decisions(drainSeen({ ...closed, drain: drained, plan: aPlan({ actions }) }))).toEqual([]);
  });

  test('D15: looks again when volumes that are attached were waited for long enough', () => {
    const drained = aDrain({ ...begun, conditions: holding('Drained') });

    expect(decide(drainSeen({ ...closed, drain: drained, volumes: ['pv-1'] }), at('10:02:00'))).toEqual({
      actions: [],
      requeueAfterMs: 180_000,
    });
  });

  test('cordons again what somebody uncordoned', () => {
    expect(
      decisions(drainSeen({ drain: aDrain({ ...begun, conditions: holding('Drained') }), node: aNode() })),
    ).toEqual(['Cordon']);
  });

  test('S8: does nothing to a Node while what is seen cannot be trusted', () => {
    expect(decide(drainSeen({ drain: aDrain(begun), node: aNode(), frozen: 'a copy' }), at('10:02:00'))).toEqual({
      actions: [],
      requeueAfterMs: 5_000,
    });
  });

  test('D22: knows no action that destroys a Node or a machine', () => {
    const kinds = ['AddFinalizer', 'Cordon', 'EmptyNode', 'Uncordon', 'RemoveFinalizer', 'Collect'];
    const worlds = [aDrain(), aDrain(begun), aDrain(begun, deleted)].flatMap((each) =>
      [undefined, aNode(), closed.node].map((node) => drainSeen({ drain: each, node, cordoned: node === closed.node })),
    );

    for (const world of worlds) for (const kind of decisions(world)) expect(kinds).toContain(kind);
  });

  test.for<[string, Partial<Seen>]>([
    ['an older one acts for the Node', { older: aDrain() }],
    ['it would take the last Node of the control plane', { lastControlPlane: true }],
    ['there is no such Node', { node: undefined }],
  ])('does nothing where %s', ([, more]) => {
    expect(decisions(drainSeen({ node: aNode(), ...more }))).toEqual([]);
  });
});

describe('C7: a NodeDrain that is deleted', () => {
  const going = (more: Partial<Seen> = {}) => drainSeen({ ...closed, drain: aDrain(begun, deleted), ...more });

  test('undoes its part, and then lets go', () => {
    expect(decisions(going())).toEqual(['Uncordon']);
    expect(decisions(going({ node: aNode(), cordoned: false }))).toEqual(['RemoveFinalizer']);
  });

  test('undoes what is half undone', () => {
    expect(decisions(going({ node: { ...closed.node, spec: {} }, cordoned: false }))).toEqual(['Uncordon']);
  });

  test.for<[string, Partial<Seen>]>([
    ['another NodeDrain', { another: true }],
    ['a worker on its way down', { worker: aWorker({}, registered({ phase: 'Draining' })) }],
    ['a worker that is deleted', { worker: aWorker({}, registered(), deleted) }],
  ])('leaves the cordon where %s wants it', ([, more]) => {
    expect(decisions(going(more))).toEqual(['RemoveFinalizer']);
  });

  test('touches no Node that it never bound, nor another of that name', () => {
    expect(decisions(going({ drain: aDrain(undefined, deleted) }))).toEqual(['RemoveFinalizer']);
    expect(decisions(going({ node: undefined }))).toEqual(['RemoveFinalizer']);
  });

  test('is left alone once it holds nothing', () => {
    expect(decisions(going({ drain: aDrain(begun, { ...deleted, finalizers: [] }) }))).toEqual([]);
  });
});

describe('C7: a NodeDrain whose Node is gone', () => {
  const conditions = [
    {
      type: 'Drained',
      status: 'True',
      reason: 'NodeGone',
      message: '',
      lastTransitionTime: '2030-01-01T10:00:00Z',
    } as const,
  ];
  const over = (metadata = {}) => drainSeen({ drain: aDrain({ ...begun, conditions }, metadata) });

  test('holds no finalizer', () => {
    expect(decisions(over())).toEqual(['RemoveFinalizer']);
  });

  test('is collected after an hour', () => {
    expect(decide(over({ finalizers: [] }), at('10:59:00'))).toEqual({ actions: [], requeueAfterMs: 60_000 });
    expect(decisions(over({ finalizers: [] }), at('11:00:00'))).toEqual(['Collect']);
  });

  test('leaves another Node of that name alone', () => {
    expect(decisions({ ...over({ finalizers: [] }), node: aNode() })).toEqual([]);
  });
});
