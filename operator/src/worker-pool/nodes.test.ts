import { describe, expect, test } from 'vitest';
import type { WorkerPoolStatus } from '@cortex/crds';
import type { Node } from '../kube/core.ts';
import { aDrain } from '../testing/drains.ts';
import { aPod } from '../testing/pods.ts';
import { aNode, at } from '../testing/workers.ts';
import { pool } from '../testing/world.ts';
import { belongsTo, nextCountMs, nodeEntries, type PermanentNode, shortened } from './nodes.ts';

const permanent = (status?: WorkerPoolStatus) => ({
  ...pool('metal', { class: 'Permanent', provider: undefined, nodeSelector: { rack: 'a' } }),
  ...(status === undefined ? {} : { status }),
});
const metal = (name: string, labels: Record<string, string> = { rack: 'a' }, ready = true): Node =>
  aNode({ metadata: { name, labels }, systemUUID: '', ready });
const there = (name: string, more: Partial<PermanentNode> = {}): PermanentNode => ({
  node: metal(name),
  pods: [],
  drain: undefined,
  ...more,
});
const web = aPod({ spec: { containers: [{ name: 'web', resources: { requests: { cpu: '1', memory: '1Gi' } } }] } });

describe('which Nodes a permanent pool counts', () => {
  test('those that its labels name', () => {
    expect(belongsTo(permanent(), metal('m1'))).toBe(true);
    expect(belongsTo(permanent(), metal('m1', { rack: 'b' }))).toBe(false);
  });

  test('never one of the control plane, and none where the pool makes its own', () => {
    const control = metal('m1', { rack: 'a', 'node-role.kubernetes.io/control-plane': '' });

    expect(belongsTo(permanent(), control)).toBe(false);
    expect(belongsTo(pool('burst'), metal('m1'))).toBe(false);
  });
});

const shown = (nodes: readonly PermanentNode[], status?: WorkerPoolStatus, now = at('10:00:00')) =>
  nodeEntries({ pool: permanent(status), nodes }, now);

describe('what a permanent pool shows of its Nodes', () => {
  test('each by name, with what it is and what its pods request', () => {
    const entries = shown([there('m2'), there('m1', { pods: [web] })]);

    expect(entries.map(({ name, phase }) => [name, phase])).toEqual([
      ['m1', 'Ready'],
      ['m2', 'Ready'],
    ]);
    expect(entries[0]?.usage).toEqual({ pods: 1, cpu: '1', memory: '1Gi', observedAt: '2030-01-01T10:00:00Z' });
    expect(entries[0]?.node).toMatchObject({ capacity: { cpu: '4' }, labels: { rack: 'a' }, unschedulable: false });
  });

  test('C7: the drain that acts for it', () => {
    const drain = { startedAt: '2030-01-01T10:00:00Z', deadline: '2030-01-01T10:10:00Z' };
    const phases = (['Draining', 'Drained', 'Failed'] as const).map(
      (phase) => shown([there('m1', { drain: aDrain({ phase, drain }) })])[0]?.phase,
    );

    expect(phases).toEqual(['Draining', 'Drained', 'Ready']);
    expect(shown([there('m1', { drain: aDrain({ phase: 'Draining', drain }) })])[0]?.drain).toEqual(drain);
  });

  test('that its kubelet does not answer', () => {
    expect(shown([there('m1', { node: metal('m1', { rack: 'a' }, false) })])[0]?.phase).toBe('NotReady');
  });

  test('what pods request is counted for all of them at once, at most every 15 seconds', () => {
    const status = { nodes: shown([there('m1'), there('m2')]) };
    const changed = [there('m1', { pods: [web] }), there('m2')];

    expect(shown(changed, status, at('10:00:10'))).toEqual(status.nodes);
    expect(nextCountMs({ pool: permanent(status), nodes: changed }, at('10:00:10'))).toBe(6_000);
    expect(shown(changed, status, at('10:00:16')).map(({ usage }) => usage?.pods)).toEqual([1, 0]);
    expect(nextCountMs({ pool: permanent(status), nodes: [there('m1'), there('m2')] }, at('10:00:10'))).toBeUndefined();
  });

  test('of more than 200 the first, without labels and annotations, and that this is so', () => {
    const many = Array.from({ length: 201 }, (_, i) => there(`m${String(i).padStart(3, '0')}`));
    const entries = shown(many);

    expect(entries).toHaveLength(200);
    expect(entries.at(-1)?.name).toBe('m199');
    expect(entries.some(({ node }) => node !== undefined && ('labels' in node || 'annotations' in node))).toBe(false);
    expect(shortened(many)).toContain('lists 200 of its 201 Nodes');
    expect(shortened(many.slice(1))).toBeUndefined();
    expect(shown(many.slice(1))[0]?.node).toHaveProperty('labels');
  });
});
