import { describe, expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import { aNode, at } from '../testing/workers.ts';
import { bearsCordon, cordonedAt, cordonPatch, isCordoned, uncordonPatch } from './cordon.ts';

const LB = 'node.kubernetes.io/exclude-from-external-load-balancers';
const now = at('10:02:00');

/** RFC 7386, as far as a Node needs it. */
function patched(node: Node, patch: unknown): Node {
  const merge = (target: unknown, change: unknown): unknown => {
    if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
    const merged: Record<string, unknown> = { ...(target as Record<string, unknown>) };
    for (const [key, value] of Object.entries(change))
      if (value === null) delete merged[key];
      else merged[key] = merge(merged[key], value);
    return merged;
  };
  return merge(node, patch) as Node;
}

const cordoned = (node: Node): Node => patched(node, cordonPatch(node, now));
const undone = (node: Node): Node => patched(node, uncordonPatch(node));

describe('D4: a cordon', () => {
  test('is one patch: unschedulable, our taint, out of load balancers, under the version that was seen', () => {
    const node = cordoned(aNode());

    expect(isCordoned(node)).toBe(true);
    expect(cordonedAt(node)).toEqual(now);
    expect(node.spec.taints).toHaveLength(2);
    expect(node.metadata.labels?.[LB]).toBe('true');
    expect(cordonPatch(aNode(), now)).toMatchObject({ metadata: { uid: 'uid-of-node', resourceVersion: '7' } });
  });

  test('is not made twice', () => {
    expect(cordonPatch(cordoned(aNode()), at('10:09:00'))).toBeUndefined();
  });

  test('undone, leaves the Node as it was', () => {
    expect(undone(cordoned(aNode()))).toEqual(aNode());
    expect(uncordonPatch(aNode())).toBeUndefined();
  });

  test('undone, leaves what others had set before it', () => {
    const theirs = aNode({ spec: { unschedulable: true }, metadata: { labels: { [LB]: 'theirs' } } });

    expect(undone(cordoned(theirs)).spec.unschedulable).toBe(true);
    expect(undone(cordoned(theirs)).metadata.labels).toHaveProperty(LB);
  });

  test('that somebody half undid is made whole, and still knows what was there before it', () => {
    const half = patched(cordoned(aNode()), { spec: { unschedulable: null } });

    expect(isCordoned(half)).toBe(false);
    expect(bearsCordon(half)).toBe(true);
    expect(undone(cordoned(half))).toEqual(aNode());
  });

  test('whose record was edited into nonsense takes back its taint alone', () => {
    const node = patched(cordoned(aNode()), {
      metadata: { annotations: { 'cortex.automation/before-cordon': '{nonsense' } },
    });

    expect(undone(node).spec).toEqual({ ...aNode().spec, unschedulable: true });
    expect(bearsCordon(undone(node))).toBe(false);
  });
});
