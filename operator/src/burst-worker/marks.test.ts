import { describe, expect, test } from 'vitest';
import { aNode, aPool, aWorker, registered, seenOf } from '../testing/workers.ts';
import { bearsClaim, birthLabels, birthTaints, isMarked, withoutVmFinalizer } from './marks.ts';

const claimRef = { namespace: 'team', name: 'job', uid: 'a', jobId: 'build-7', reclaimPolicy: 'Delete' as const };
const free = seenOf({ worker: aWorker({}, registered()) });
const claimed = seenOf({ worker: aWorker({ claimRef }, registered()) });

describe('C3: the claim on a Node', () => {
  test('is there from birth, with an empty value while the worker is free', () => {
    expect(birthTaints(free)).toEqual([{ key: 'cortex.automation/job', value: '', effect: 'NoSchedule' }]);
    expect(birthTaints(claimed)[0]?.value).toBe('team.build-7');
    expect(birthLabels(claimed)['cortex.automation/job']).toBe('team.build-7');
  });

  test('is no taint where the pool is shared', () => {
    expect(birthTaints({ ...claimed, pool: aPool({ isolation: 'Shared' }) })).toEqual([]);
  });

  test('of a free worker is a taint without a value, as the API server stores an empty one', () => {
    const stored = aNode({ spec: { taints: [{ key: 'cortex.automation/job', effect: 'NoSchedule' }] } });

    expect(bearsClaim(stored, free)).toBe(true);
    expect(bearsClaim(stored, claimed)).toBe(false);
  });

  test('must be in label and taint', () => {
    expect(bearsClaim(aNode(), free)).toBe(true);
    expect(bearsClaim(aNode({ spec: { taints: [] } }), free)).toBe(false);
    expect(bearsClaim(aNode({ metadata: { labels: { 'cortex.automation/job': 'x' } } }), free)).toBe(false);
  });
});

test('marks are missing on a Node that bears those of another worker', () => {
  expect(isMarked(aNode(), free)).toBe(true);
  expect(isMarked(aNode({ metadata: { annotations: { 'cortex.automation/worker-uid': 'x' } } }), free)).toBe(false);
});

test('a finalizer of anybody else stays', () => {
  expect(withoutVmFinalizer(['theirs', 'cortex.automation/vm'])).toEqual(['theirs']);
});
