import { describe, expect, test } from 'vitest';
import { aDrain } from '../testing/drains.ts';
import { aNode } from '../testing/workers.ts';
import { actingFor, isLastControlPlane } from './rivals.ts';

const node = aNode();
const first = aDrain(undefined, { name: 'first', uid: 'b', creationTimestamp: '2030-01-01T09:00:00Z' });
const second = aDrain(undefined, { name: 'second', uid: 'a' });

describe('C7: of two NodeDrains for one Node', () => {
  test('the older acts, and by UID where they are of one second', () => {
    expect(actingFor(node, [second, first])).toBe(first);
    const twin = aDrain(undefined, { uid: 'c' });
    expect(actingFor(node, [twin, second])).toBe(second);
  });

  test('one that is deleted gives way', () => {
    const going = { ...first, metadata: { ...first.metadata, deletionTimestamp: '2030-01-01T10:00:00Z' } };

    expect(actingFor(node, [going, second])).toBe(second);
  });

  test('one that was bound to another Node of that name does not count', () => {
    expect(actingFor(node, [{ ...first, status: { nodeUID: 'another' } }, second])).toBe(second);
  });
});

const control = (uid: string, unschedulable = false) =>
  aNode({ metadata: { uid, labels: { 'node-role.kubernetes.io/control-plane': '' } }, spec: { unschedulable } });

describe('the last Node of the control plane', () => {
  test('is the only one that takes pods', () => {
    const last = control('a');

    expect(isLastControlPlane(last, () => [last, control('b', true), node])).toBe(true);
    expect(isLastControlPlane(last, () => [last, control('b')])).toBe(false);
  });

  test('is no other Node, nor one that takes no pods already', () => {
    expect(isLastControlPlane(node, () => [node])).toBe(false);
    expect(isLastControlPlane(control('a', true), () => [])).toBe(false);
  });
});
