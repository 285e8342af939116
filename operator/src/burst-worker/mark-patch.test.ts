import type { NodeDrain } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import { aNode, aPool, aWorker, cordoned, registered, seenOf, UID } from '../testing/workers.ts';
import { freePatch } from './free-patch.ts';
import { markPatch } from './mark-patch.ts';
import { birthLabels, birthTaints } from './marks.ts';

const claimRef = { namespace: 'team', name: 'job', uid: 'a', jobId: 'build-7', reclaimPolicy: 'Delete' as const };
const free = seenOf({ worker: aWorker({}, registered()) });
const claimed = seenOf({ worker: aWorker({ claimRef }, registered()) });
const born = aNode({ metadata: { labels: birthLabels(free), annotations: {} } });
const SEEN = { uid: 'uid-of-node', resourceVersion: '7' };

describe('the marks of a Node that has just joined', () => {
  test('name the worker by its UID, and are for old clients otherwise', () => {
    const { metadata } = markPatch(born, free);

    expect(metadata.annotations).toMatchObject({
      'cortex.automation/worker-uid': UID,
      'provisioned-by': 'cortex-resource-manager',
    });
    expect(metadata.annotations['worker-ttl']).toMatch(/^2030-01-01T1[34]:\d\d:\d\dZ$/);
  });

  test('meet no conflict with its kubelet and its controllers: what it was born with is not written again', () => {
    expect(markPatch(born, free)).toEqual({
      metadata: { uid: 'uid-of-node', labels: {}, annotations: expect.anything() as object },
    });
  });

  test('are of this Node alone, and of another of its name none', () => {
    expect(markPatch(born, free).metadata.uid).toBe('uid-of-node');
  });
});

describe('C3: another claim on a Node', () => {
  test('is flipped in one patch, which keeps the taints of others as they were seen', () => {
    const other = { key: 'gpu', effect: 'NoSchedule' as const };
    const node = aNode({ spec: { taints: [other, ...birthTaints(free)] } });
    const { metadata, spec } = markPatch(node, claimed);

    expect(spec?.taints).toEqual([other, ...birthTaints(claimed)]);
    expect(metadata.labels['cortex.automation/job']).toBe('team.build-7');
    expect(metadata).toMatchObject(SEEN);
  });

  test('is a label alone where the pool is shared, and meets no conflict', () => {
    const pool = aPool({ isolation: 'Shared' });
    const patch = markPatch(aNode({ spec: { taints: [] } }), { ...claimed, pool });

    expect(patch.metadata.labels['cortex.automation/job']).toBe('team.build-7');
    expect(patch.metadata).not.toHaveProperty('resourceVersion');
    expect(patch).not.toHaveProperty('spec');
  });

  test('takes the taint along that a Node was born with before its pool was shared', () => {
    const patch = markPatch(aNode(), { ...claimed, pool: aPool({ isolation: 'Shared' }) });

    expect(patch).toMatchObject({ metadata: SEEN, spec: { taints: [] } });
  });
});

describe('S2: the word of a person that a Node is permanent', () => {
  test('is never written over', () => {
    const node = aNode({ metadata: { labels: { 'worker-type': 'permanent' } } });

    expect(markPatch(node, claimed).metadata.labels).not.toHaveProperty('worker-type');
  });

  test('is not written over by a patch that came from before it', () => {
    const { 'worker-type': _none, ...labels } = born.metadata.labels ?? {};
    const node = { ...born, metadata: { ...born.metadata, labels } };

    expect(markPatch(node, free).metadata).toMatchObject({ ...SEEN, labels: { 'worker-type': 'burst' } });
  });
});

describe('C2: the patch that gives a Node back', () => {
  const node = aNode({
    metadata: { labels: { 'cortex.automation/job': 'team.build-7' } },
    spec: { taints: birthTaints(claimed) },
  });

  test('marks it free and opens it at once', () => {
    const patch = freePatch(cordoned(node), claimed);

    expect(patch.spec).toEqual({ unschedulable: null, taints: birthTaints(free) });
    expect(patch.metadata.labels['cortex.automation/job']).toBe('');
    expect(patch.metadata).toMatchObject(SEEN);
  });

  test('leaves it closed where a NodeDrain wants it', () => {
    const patch = freePatch(cordoned(node), { ...claimed, nodeDrain: {} as NodeDrain });

    expect(patch.spec?.taints).toHaveLength(2);
    expect(patch.spec).not.toHaveProperty('unschedulable');
  });

  test('unmarks a shared one without a conflict', () => {
    const shared = { ...claimed, pool: aPool({ isolation: 'Shared' }) };

    expect(freePatch({ ...node, spec: {} }, shared).metadata).not.toHaveProperty('resourceVersion');
  });
});

test('a template of the pool never writes over what marks a Node as ours', () => {
  const pool = aPool({
    template: {
      labels: { 'worker-type': 'permanent', team: 'a' },
      annotations: { 'cortex.automation/worker-uid': 'other', 'provisioned-by': 'other' },
    },
  });
  const { 'worker-type': _none, ...labels } = born.metadata.labels ?? {};
  const { metadata } = markPatch({ ...born, metadata: { ...born.metadata, labels } }, { ...free, pool });

  expect(metadata.labels).toMatchObject({ 'worker-type': 'burst', team: 'a' });
  expect(metadata.annotations).toMatchObject({ 'cortex.automation/worker-uid': UID });
});
