import type { BurstWorkerStatus } from '@cortex/crds';
import { expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import { at, aNode, aWorker, registered, seenOf } from '../testing/workers.ts';
import { ClaimGate } from './claim-gate.ts';
import { markPatch } from './mark-patch.ts';
import type { Seen } from './seen.ts';
import { staying } from './staying.ts';

const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'Delete' as const };
const now = at('10:02:00');

const free = seenOf({ worker: aWorker({}, registered()), node: aNode() });
const node = patched(aNode(), free);
const before = staying({ ...free, node }, undefined, now);
const claimed = seenOf({ worker: aWorker({ claimRef }, before, { generation: 2 }), node });
const marked = { ...claimed, node: patched(node, claimed) };

/** The Node after the patch that marks it as this worker's. */
function patched(unmarked: Node, seen: Seen): Node {
  const { metadata, spec } = markPatch(unmarked, seen) as Pick<Node, 'metadata' | 'spec'>;
  const labels = { ...unmarked.metadata.labels, ...metadata.labels };
  const annotations = { ...unmarked.metadata.annotations, ...metadata.annotations };
  return {
    ...unmarked,
    metadata: { ...unmarked.metadata, labels, annotations },
    spec: { ...unmarked.spec, ...spec },
  };
}

const status = staying(claimed, undefined, now);
const held = (gate: ClaimGate, says: BurstWorkerStatus, time: string): number =>
  gate.heldMs(claimed.worker, says, at(time));

test('C4: what a claim and its mark change in a status is held back for fifteen seconds, then written once', () => {
  const gate = new ClaimGate();
  const after = staying(marked, undefined, now);

  expect(status).not.toEqual(before);
  expect(after.node).not.toEqual(before.node);
  expect(held(gate, status, '10:02:00')).toBe(15_000);
  expect(held(gate, after, '10:02:05')).toBe(10_000);
  expect(held(gate, after, '10:02:15')).toBe(0);
});

test('C4: other news is written at once, and takes the claim along', () => {
  const gate = new ClaimGate();
  held(gate, status, '10:02:00');

  expect(held(gate, { ...status, phase: 'Joining' }, '10:02:01')).toBe(0);
  expect(held(gate, staying({ ...marked, node: aNode({ ready: false }) }, undefined, now), '10:02:01')).toBe(0);
  expect(held(gate, { ...status, node: { ...status.node, labels: { theirs: 'x' } } }, '10:02:01')).toBe(0);
});

test('what is no claim is never held back: a new end, a worker that becomes Ready', () => {
  const gate = new ClaimGate();
  const said = { ...claimed.worker, status };

  expect(gate.heldMs(said, { ...status, expiresAt: '2030-01-01T20:00:00Z' }, now)).toBe(0);
  expect(gate.heldMs(aWorker({ claimRef }, { phase: 'Joining' }), status, now)).toBe(0);
});

test('C2: a worker that serves one short job after the other is written of once in fifteen seconds, not once a job', () => {
  const gate = new ClaimGate();
  const returned = seenOf({ worker: aWorker({}, before, { generation: 3 }), node });
  const unclaimed = staying(returned, undefined, now);

  expect(unclaimed).not.toEqual(before); // the generation
  expect(held(gate, status, '10:02:00')).toBe(15_000);
  expect(gate.heldMs(returned.worker, unclaimed, at('10:02:02'))).toBe(13_000);
  expect(held(gate, status, '10:02:04')).toBe(11_000);
  expect(gate.heldMs(returned.worker, unclaimed, at('10:02:15'))).toBe(0);
});

test('an edit of a worker that nobody claimed lately is observed at once', () => {
  const edited = seenOf({ worker: aWorker({}, before, { generation: 3 }), node });

  expect(new ClaimGate().heldMs(edited.worker, staying(edited, undefined, now), now)).toBe(0);
});
