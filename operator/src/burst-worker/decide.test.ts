import { describe, expect, test } from 'vitest';
import { cordonPatch } from '../drain/cordon.ts';
import type { Node } from '../kube/core.ts';
import { Stalled, Waiting } from '../runtime/outcome.ts';
import { aNode, aPlan, aPool, at, aWorker, checkpoint, holding, registered, seenOf } from '../testing/workers.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);
const wakesAfter = (seen: Seen, now = at('10:02:00')): number | undefined => decide(seen, now).requeueAfterMs;

const admitted = (more: object = {}) => ({ vm: checkpoint, conditions: holding('Admitted'), ...more });
const deleted = { deletionTimestamp: '2030-01-01T10:02:00Z' };

/** The Node with our cordon on it. */
function cordonedNode(): Node {
  const node = aNode();
  const { metadata, spec } = cordonPatch(node, at('10:02:00')) as Pick<Node, 'metadata' | 'spec'>;
  return { ...node, metadata: { ...node.metadata, ...metadata }, spec: { ...node.spec, ...spec } };
}

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

describe('down, in the order of D3', () => {
  const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
  const leaving = (more: Partial<Seen> = {}, status = {}) =>
    seenOf({ worker: aWorker({}, registered({ drain, ...status }), deleted), node: aNode(), ...more });
  const drained = { conditions: holding('Registered', 'Drained') };
  const emptied = { node: cordonedNode(), cordoned: true };

  test('1: nothing moves before start and deadline are written', () => {
    expect(decisions(leaving({}, { drain: undefined }))).toEqual([]);
  });

  test('2: the Node is cordoned before a pod is evicted', () => {
    expect(decisions(leaving())).toEqual(['Cordon']);
  });

  test('3: pods are evicted as the plan says', () => {
    const pod = { namespace: 'team', name: 'web', uid: 'u' };
    const actions = [{ kind: 'Evict', pod }] as const;

    expect(decide(leaving({ ...emptied, drain: aPlan({ actions }) }), at('10:02:01')).actions).toEqual([
      { kind: 'EmptyNode', pods: actions },
    ]);
  });

  test('4: nothing is destroyed before Drained is written', () => {
    expect(decisions(leaving({ ...emptied, drain: aPlan({ drained: true }), vm: { state: 'running' } }))).toEqual([]);
  });

  test('5: an expired worker is deleted only once it is drained', () => {
    const worker = aWorker({ ttl: '60s' }, registered({ drain, ...drained }));

    expect(decisions(seenOf({ worker, ...emptied }))).toEqual(['DeleteWorker']);
  });

  test('6: the machine goes before the Node, the Node before the finalizer', () => {
    expect(decisions(leaving({ ...emptied, vm: { state: 'running' } }, drained))).toEqual(['RemoveVm']);
    expect(decisions(leaving({ ...emptied, vm: { state: 'stopping' } }, drained))).toEqual(['RemoveVm']);
    expect(decisions(leaving({ ...emptied, vm: { state: 'absent' } }, drained))).toEqual(['DeleteNode']);
    expect(decisions(leaving({ node: undefined, vm: { state: 'absent' } }, drained))).toEqual(['RemoveFinalizer']);
  });

  test('28: a seed that outlives its machine is removed before the worker may go', () => {
    const seeded = { vm: { ...checkpoint, seed: 'seeds:iso/1.iso' }, drain, ...drained };
    const worker = aWorker({}, registered(seeded), { deletionTimestamp: '2030-01-01T10:00:00Z' });

    expect(decisions(seenOf({ worker, vm: { state: 'absent' } }))).toEqual(['RemoveVm']);
  });

  test('D14: the Node and the finalizer stay while the provider does not know', () => {
    const unknown = leaving({ ...emptied, vm: { state: 'unknown' } }, drained);

    expect(decisions(unknown)).toEqual([]);
    expect(wakesAfter(unknown)).toBe(5_000);
  });

  test('D5: a Node that somebody uncordoned after it was drained is cordoned and drained again', () => {
    expect(decisions(leaving({ vm: { state: 'running' } }, drained))).toEqual(['Cordon']);
  });

  test('D2: nothing at all is done while identity is in doubt', () => {
    for (const step of [leaving(), leaving(emptied), leaving({ ...emptied, vm: { state: 'running' } }, drained)])
      expect(decisions({ ...step, conflict: 'Node burst-1 is labelled worker-type=permanent' })).toEqual([]);
  });

  test('a machine that never became a Node goes without a drain', () => {
    const worker = aWorker({}, admitted(), deleted);

    expect(decisions(seenOf({ worker, vm: { state: 'running' } }))).toEqual(['RemoveVm']);
  });

  test('A14: what never had a machine only loses its finalizer', () => {
    expect(decisions(seenOf({ worker: aWorker({}, undefined, deleted) }))).toEqual(['RemoveFinalizer']);
  });
});

const joined = (spec: object, metadata: object = {}) => aWorker(spec, registered(), metadata);

describe('why a worker goes', () => {
  const node = aNode();

  test('T1: its ttl counts from the moment its Node joined, and ends early by its jitter at most', () => {
    const seen = seenOf({ worker: joined({ ttl: '1h' }), node });

    expect(decide(seen, at('10:54:00')).requeueAfterMs).toBeGreaterThan(0);
    expect(decisions(seen, at('10:54:00'))).toEqual([]);
    // The drain starts by being written down: nothing moves, and nothing is waited for.
    expect(decide(seen, at('11:01:00'))).toEqual({ actions: [] });
  });

  test('S11: deletionProtection suspends every end but a DELETE', () => {
    const seen = seenOf({ worker: joined({ ttl: '60s', deletionProtection: true }), node });

    expect(decisions(seen, at('12:00:00'))).toEqual([]);
  });

  test('T3: an end that was taken back uncordons the Node', () => {
    const seen = seenOf({ worker: joined({ ttl: '10h' }), node: cordonedNode(), cordoned: true });

    expect(decisions(seen)).toEqual(['Uncordon']);
  });

  test('T3: a cordon is taken back although its drain is no longer on record', () => {
    const half = { ...cordonedNode(), spec: { taints: [] } };

    expect(decisions(seenOf({ worker: joined({ ttl: '10h' }), node: half }))).toEqual(['Uncordon']);
  });

  test('T3: a drain goes on when its pool is no longer seen', () => {
    const status = registered({
      expiresAt: '2030-01-01T10:02:00Z',
      drain: { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' },
    });
    const seen = seenOf({ worker: aWorker({}, status), pool: undefined, node: cordonedNode(), cordoned: true });

    expect(decisions({ ...seen, drain: aPlan() }, at('10:03:00'))).toEqual([]);
  });

  test('a pool that is deleted retires its free workers, and waits for claimed ones', () => {
    const pool = aPool({}, deleted);
    const claimRef = { namespace: 'default', name: 'job', uid: 'a', reclaimPolicy: 'Delete' as const };
    const free = seenOf({ worker: aWorker({}, admitted()), pool });
    const allocation = { status: {} } as never;
    const claimed = seenOf({
      worker: aWorker({ claimRef }, admitted()),
      pool,
      claimant: { state: 'Live', allocation },
    });

    expect(decisions(free)).toEqual(['DeleteWorker']);
    expect(decisions(claimed)).toEqual(['EnsureVm']);
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
