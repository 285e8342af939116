import { describe, expect, test } from 'vitest';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { aNode, aPool, at, aWorker, checkpoint, holding, registered, seenOf } from '../testing/workers.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);
const wakesAfter = (seen: Seen, now = at('10:02:00')): number | undefined => decide(seen, now).requeueAfterMs;
const admitted = (more: object = {}) => ({ vm: checkpoint, conditions: holding('Admitted'), ...more });

const booted = (vm: object): Seen =>
  seenOf({ worker: aWorker({}, registered({ vm: { ...checkpoint, ...vm } })), node: aNode() });

describe('up', () => {
  test('S5: no machine is made before its record is written', () => {
    const worker = aWorker({}, { conditions: holding('Admitted') });

    expect(decisions(seenOf({ worker, proposed: checkpoint }))).toEqual([]);
    expect(decisions(seenOf({ worker: aWorker({}, admitted()) }))).toEqual(['EnsureVm']);
  });

  test('C5: what is not admitted gets no machine', () => {
    expect(decisions(seenOf({ worker: aWorker({}, { vm: checkpoint }) }))).toEqual([]);
  });

  test('D3: no machine is made for a worker that could vanish without giving it back', () => {
    const worker = aWorker({}, admitted(), { finalizers: [] });

    expect(decisions(seenOf({ worker }))).toEqual(['AddFinalizer']);
  });

  test('D2: nothing is made while another machine bears the name of its Node', () => {
    const impostor = aNode({ systemUUID: 'somebody' });

    expect(decisions(seenOf({ worker: aWorker({}, admitted()), impostor }))).toEqual([]);
  });

  test('C3: a Node that joined is marked before anything else is said of it', () => {
    const node = aNode({ metadata: { annotations: {} } });

    expect(decisions(seenOf({ worker: aWorker({}, admitted()), node }))).toEqual(['MarkNode']);
  });

  test('C3: a Node that bears the mark of another claim is marked anew', () => {
    const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'Delete' as const };
    const worker = aWorker({ claimRef }, registered());

    expect(decisions(seenOf({ worker, node: aNode() }))).toEqual(['MarkNode']);
  });

  test('a whole Node gives back what its machine booted with, and then rests', () => {
    expect(decisions(booted({ seed: 'seeds:iso/1.iso' }))).toEqual(['SettleVm']);
    expect(decisions(booted({}))).toEqual([]);
  });

  test('a whole Node rests until the worker ends', () => {
    const worker = aWorker({ ttl: '1h' }, registered());
    const wakes = wakesAfter(seenOf({ worker, node: aNode() }));

    expect(wakes).toBeGreaterThan(50 * 60_000);
    expect(wakes).toBeLessThanOrEqual(59 * 60_000);
  });
});

describe('an attempt that takes too long', () => {
  const pool = aPool({ provisioning: { timeout: '5m' } });
  const late = (more: Partial<Seen>) => seenOf({ worker: aWorker({}, admitted()), pool, ...more });
  const now = at('10:05:00');

  test('is given its whole time', () => {
    expect(decisions(late({}), at('10:04:59'))).toEqual(['EnsureVm']);
    expect(wakesAfter(late({}), at('10:04:59'))).toBe(1_000);
  });

  test('S5: is removed, its machine before its Node, and then is at rest', () => {
    const node = aNode({ ready: false });

    expect(decisions(late({ node, vm: { state: 'running' } }), now)).toEqual(['RemoveVm']);
    expect(decisions(late({ node, vm: { state: 'absent' } }), now)).toEqual(['DeleteNode']);
    expect(decisions(late({ vm: { state: 'absent' } }), now)).toEqual([]);
  });

  test('D14: is left alone while the provider does not know', () => {
    expect(decisions(late({ vm: { state: 'unknown' } }), now)).toEqual([]);
    expect(decisions(late({ vm: undefined }), now)).toEqual([]);
  });

  test('D2: is left alone while it is in doubt whose Node it is', () => {
    expect(decisions(late({ vm: { state: 'running' }, conflict: 'two Nodes' }), now)).toEqual([]);
  });

  test('does not take a Node that became Ready in the same moment', () => {
    expect(decisions(late({ node: aNode() }), now)).toEqual([]);
  });

  test('A10: a failed worker is done once its machine is confirmed gone', () => {
    const gone = { phase: 'Failed' as const, vm: checkpoint, conditions: holding('Admitted', 'VmGone') };

    expect(decisions(seenOf({ worker: aWorker({}, gone) }))).toEqual([]);
    expect(decisions(seenOf({ worker: aWorker({}, { ...gone, conditions: [] }), vm: { state: 'running' } }))).toEqual([
      'RemoveVm',
    ]);
  });
});

describe('trouble', () => {
  test('rests until the provider said to come back, or until somebody changes something', () => {
    const worker = aWorker({}, admitted());

    expect(wakesAfter(seenOf({ worker, trouble: new Waiting(7_000, 'ProviderError', 'later') }))).toBe(7_000);
    expect(decide(seenOf({ worker, trouble: new Stalled('ProviderError', 'never') }), at('10:02:00'))).toEqual({
      actions: [],
    });
  });
});

test('a worker that was to fail at once is kept for an hour', () => {
  const conditions = [
    {
      type: 'Ready',
      status: 'False',
      reason: 'LimitReached',
      message: '',
      lastTransitionTime: '2030-01-01T10:00:00Z',
    } as const,
  ];
  const unfit = seenOf({ worker: aWorker({}, { phase: 'Failed', conditions }, { finalizers: [] }) });

  expect(decide(unfit, at('10:59:59'))).toEqual({ actions: [], requeueAfterMs: 1_000 });
  expect(decisions(unfit, at('11:00:00'))).toEqual(['DeleteWorker']);
});
