import { expect, test } from 'vitest';
import { aPlan, at, registered } from '../testing/workers.ts';
import { drainBlock } from './block.ts';
import { DrainProgressGate } from './progress.ts';

const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
const before = registered({ drain: { ...drain, pods: { total: 9 } } });
const counted = (total: number) => registered({ drain: { ...drain, pods: { total } } });

test('D19: counts of pods are written every half minute, not with every pod', () => {
  const gate = new DrainProgressGate();
  const admitted = ['10:02:00', '10:02:01', '10:02:29', '10:02:30', '10:02:31'].map((time, i) =>
    gate.admits('uid', before, counted(8 - i), at(time)),
  );

  expect(admitted).toEqual([false, false, false, true, false]);
});

test('D19: a new blocker, and the end of the drain, are written at once', () => {
  const gate = new DrainProgressGate();
  const ended = { ...counted(8), phase: 'Terminating' };
  const blockers = [{ kind: 'Pod', namespace: 'team', name: 'db', reason: 'a budget' }];

  expect(gate.admits('uid', before, registered({ drain: { ...drain, blockers } }), at('10:02:00'))).toBe(true);
  expect(gate.admits('uid', before, ended, at('10:02:00'))).toBe(true);
});

const saying = (status: 'True' | 'False', message: string) =>
  registered({
    drain,
    conditions: [{ type: 'VolumesDetached', status, reason: 'VolumesAttached', message, lastTransitionTime: '' }],
  });

test('D15, D19: which volumes are left is written every half minute, that none is at once', () => {
  const gate = new DrainProgressGate();
  const two = saying('False', 'pv-1, pv-2');

  expect(gate.admits('uid', two, saying('False', 'pv-2'), at('10:02:00'))).toBe(false);
  expect(gate.admits('uid', two, saying('False', 'pv-2'), at('10:02:30'))).toBe(true);
  expect(gate.admits('uid', two, saying('True', ''), at('10:02:31'))).toBe(true);
});

test('B5: the first plan of a drain that nothing holds back is no change of state', () => {
  const begun = registered({ drain: drainBlock(undefined, undefined, 600_000, at('10:02:00')) });
  const planned = registered({ drain: drainBlock(begun.drain, aPlan(), 600_000, at('10:02:01')) });

  expect(new DrainProgressGate().admits('uid', begun, planned, at('10:02:01'))).toBe(false);
});

test('D3: the start of a drain is never held back', () => {
  expect(new DrainProgressGate().admits('uid', registered(), counted(9), at('10:02:00'))).toBe(true);
});
