import type { NodeDrain } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import { aNode, aPool, aWorker, cordoned, registered, seenOf, UID } from '../testing/workers.ts';
import { freePatch } from './free-patch.ts';
import { bearsClaim, birthLabels, birthTaints, isMarked, markPatch, withoutVmFinalizer } from './marks.ts';

const claimRef = { namespace: 'team', name: 'job', uid: 'a', jobId: 'build-7', reclaimPolicy: 'Delete' as const };
const free = seenOf({ worker: aWorker({}, registered()) });
const claimed = seenOf({ worker: aWorker({ claimRef }, registered()) });
const patchOf = (node: Node, seen = free) => markPatch(node, seen) as Pick<Node, 'metadata' | 'spec'>;

describe('C3: the claim on a Node', () => {
  test('is there from birth, with an empty value while the worker is free', () => {
    expect(birthTaints(free)).toEqual([{ key: 'cortex.automation/job', value: '', effect: 'NoSchedule' }]);
    expect(birthTaints(claimed)[0]?.value).toBe('team.build-7');
    expect(birthLabels(claimed)['cortex.automation/job']).toBe('team.build-7');
  });

  test('is no taint where the pool is shared', () => {
    expect(birthTaints({ ...claimed, pool: aPool({ isolation: 'Shared' }) })).toEqual([]);
  });

  test('is flipped in one patch, which keeps the taints of others', () => {
    const other = { key: 'gpu', effect: 'NoSchedule' as const };
    const node = aNode({ spec: { taints: [other, ...birthTaints(free)] } });
    const { metadata, spec } = patchOf(node, claimed);

    expect(bearsClaim(node, claimed)).toBe(false);
    expect(spec.taints).toEqual([other, ...birthTaints(claimed)]);
    expect(metadata.labels?.['cortex.automation/job']).toBe('team.build-7');
    expect(metadata).toMatchObject({ uid: 'uid-of-node', resourceVersion: '7' });
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

describe('the marks on a Node', () => {
  test('name the worker by its UID, and are for old clients otherwise', () => {
    const { metadata } = patchOf(aNode());

    expect(metadata.annotations).toMatchObject({
      'cortex.automation/worker-uid': UID,
      'provisioned-by': 'cortex-resource-manager',
    });
    expect(metadata.annotations?.['worker-ttl']).toMatch(/^2030-01-01T1[34]:\d\d:\d\dZ$/);
    expect(metadata.labels?.['worker-type']).toBe('burst');
  });

  test('S2: never write over the word of a person that the Node is permanent', () => {
    const node = aNode({ metadata: { labels: { 'worker-type': 'permanent' } } });

    expect(patchOf(node, claimed).metadata.labels?.['worker-type']).toBe('permanent');
  });

  test('are missing on a Node that bears those of another worker', () => {
    expect(isMarked(aNode(), free)).toBe(true);
    expect(isMarked(aNode({ metadata: { annotations: { 'cortex.automation/worker-uid': 'x' } } }), free)).toBe(false);
  });
});

test('a finalizer of anybody else stays', () => {
  expect(withoutVmFinalizer(['theirs', 'cortex.automation/vm'])).toEqual(['theirs']);
});

describe('C2: the patch that gives a Node back', () => {
  const node = aNode({
    metadata: { labels: { 'cortex.automation/job': 'team.build-7' } },
    spec: { taints: birthTaints(claimed) },
  });
  test('marks it free and opens it at once', () => {
    const patch = freePatch(cordoned(node), claimed) as Pick<Node, 'metadata' | 'spec'>;

    expect(patch.spec).toEqual({ unschedulable: null, taints: birthTaints(free) });
    expect(patch.metadata.labels?.['cortex.automation/job']).toBe('');
    expect(patch.metadata).toMatchObject({ uid: 'uid-of-node', resourceVersion: '7' });
  });

  test('leaves it closed where a NodeDrain wants it', () => {
    const patch = freePatch(cordoned(node), { ...claimed, nodeDrain: {} as NodeDrain }) as Pick<
      Node,
      'metadata' | 'spec'
    >;

    expect(patch.spec.taints).toHaveLength(2);
    expect(patch.spec).not.toHaveProperty('unschedulable');
  });
});

test('a template of the pool never writes over what marks a Node as ours', () => {
  const pool = aPool({
    template: {
      labels: { 'worker-type': 'permanent', team: 'a' },
      annotations: { 'cortex.automation/worker-uid': 'other', 'provisioned-by': 'other' },
    },
  });
  const { metadata } = patchOf(aNode(), { ...free, pool });

  expect(metadata.labels).toMatchObject({ 'worker-type': 'burst', team: 'a' });
  expect(metadata.annotations).toMatchObject({ 'cortex.automation/worker-uid': UID });
});
