import { describe, expect, test } from 'vitest';
import {
  aNode,
  aPlan,
  aPool,
  at,
  aWorker,
  checkpoint,
  cordoned,
  holding,
  registered,
  seenOf,
} from '../testing/workers.ts';
import { decide } from './decide.ts';
import type { Seen } from './seen.ts';

const decisions = (seen: Seen, now = at('10:02:00')): string[] => decide(seen, now).actions.map(({ kind }) => kind);
const wakesAfter = (seen: Seen, now = at('10:02:00')): number | undefined => decide(seen, now).requeueAfterMs;
const admitted = (more: object = {}) => ({ vm: checkpoint, conditions: holding('Admitted'), ...more });
const deleted = { deletionTimestamp: '2030-01-01T10:02:00Z' };

describe('down, in the order of D3', () => {
  const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
  const leaving = (more: Partial<Seen> = {}, status = {}) =>
    seenOf({ worker: aWorker({}, registered({ drain, ...status }), deleted), node: aNode(), ...more });
  const drained = { conditions: holding('Registered', 'Drained') };
  const emptied = { node: cordoned(aNode()), cordoned: true };

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

  test('D15: volumes that are attached are waited for before anything is destroyed, for as long as the pool says', () => {
    const user = leaving({ ...emptied, vm: { state: 'running' }, volumes: ['pv-1'] }, drained);
    const expired = seenOf({
      worker: aWorker({ ttl: '60s' }, registered({ drain, ...drained })),
      ...emptied,
      volumes: ['pv-1'],
    });

    for (const each of [user, expired])
      expect(decide(each, at('10:03:00'))).toEqual({ actions: [], requeueAfterMs: 120_000 });
    expect(decisions({ ...user, volumes: [] })).toEqual(['RemoveVm']);
    expect(decisions({ ...user, volumes: undefined })).toEqual(['RemoveVm']);
    expect(decisions(user, at('10:05:00'))).toEqual(['RemoveVm']);
    expect(decisions({ ...user, pool: aPool({ drain: { volumeDetachTimeout: '0s' } }) })).toEqual(['RemoveVm']);
  });

  test('6: the machine goes before the Node, the Node before the finalizer', () => {
    expect(decisions(leaving({ ...emptied, vm: { state: 'running' } }, drained))).toEqual(['RemoveVm']);
    expect(decisions(leaving({ ...emptied, vm: { state: 'stopping' } }, drained))).toEqual(['RemoveVm']);
    expect(decisions(leaving({ ...emptied, vm: { state: 'absent' } }, drained))).toEqual(['DeleteNode']);
    expect(decisions(leaving({ node: undefined, vm: { state: 'absent' } }, drained))).toEqual(['RemoveFinalizer']);
  });

  test('S4: a Node that was never marked is marked before it goes, or the fence would keep it', () => {
    const node = cordoned(aNode({ metadata: { annotations: {} } }));
    const gone = leaving({ node, cordoned: true, vm: { state: 'absent' } }, drained);

    expect(decisions(gone)).toEqual(['MarkNode']);
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

  test('D5: nothing is destroyed for a drain under a cordon that was taken away, though another is there', () => {
    const again = { node: cordoned(aNode(), '10:01:00'), cordoned: true, vm: { state: 'running' } } as const;

    expect(decisions(leaving({ ...again, drain: aPlan({ drained: true }) }, drained))).toEqual([]);
  });

  test('D5: a Node that joins anew after the drain is another, and drained too', () => {
    const again = cordoned(aNode({ metadata: { uid: 'another' } }));
    const step = leaving({ node: again, cordoned: true, vm: { state: 'running' }, drain: aPlan() }, drained);

    expect(decisions(step)).toEqual([]);
    expect(decisions({ ...step, node: aNode({ metadata: { uid: 'another' } }), cordoned: false })).toEqual(['Cordon']);
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

  test('D20: a longer ttl takes an expiry back, and no DELETE', () => {
    const cordon = { node: cordoned(node), cordoned: true, drain: aPlan() };
    const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
    const draining = (ttl: string, metadata = {}) =>
      seenOf({ worker: aWorker({ ttl }, registered({ drain }), metadata), ...cordon });

    expect(decisions(draining('60s'), at('10:05:00'))).toEqual([]);
    expect(decisions(draining('10h'), at('10:05:00'))).toEqual(['Uncordon']);
    expect(decisions(draining('10h', deleted), at('10:05:00'))).toEqual([]);
  });

  test('T3: an end that was taken back uncordons the Node', () => {
    const seen = seenOf({ worker: joined({ ttl: '10h' }), node: cordoned(aNode()), cordoned: true });

    expect(decisions(seen)).toEqual(['Uncordon']);
  });

  test('T3: a cordon is taken back although its drain is no longer on record', () => {
    const half = { ...cordoned(aNode()), spec: { taints: [] } };

    expect(decisions(seenOf({ worker: joined({ ttl: '10h' }), node: half }))).toEqual(['Uncordon']);
  });

  test('T3: a drain goes on when its pool is no longer seen', () => {
    const status = registered({
      expiresAt: '2030-01-01T10:02:00Z',
      drain: { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' },
    });
    const seen = seenOf({ worker: aWorker({}, status), pool: undefined, node: cordoned(aNode()), cordoned: true });

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

describe('D18: its turn', () => {
  const expired = seenOf({ worker: aWorker({ ttl: '60s' }, registered()), node: aNode() });

  test('no drain begins before it has come, and it asks again', () => {
    expect(decide({ ...expired, mayDrain: false }, at('11:00:00'))).toEqual({ actions: [], requeueAfterMs: 5_000 });
  });

  test('a drain that has begun goes on', () => {
    const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
    const begun = { ...expired, worker: aWorker({ ttl: '60s' }, registered({ drain })), mayDrain: false };

    expect(decisions(begun, at('11:00:00'))).toEqual(['Cordon']);
  });
});

describe('S8, T7: what the operator sees cannot be trusted', () => {
  const frozen = 'The copy of nodes does not follow the API server';
  const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
  const leaving = (more: Partial<Seen>, conditions = holding('Registered')) =>
    seenOf({ worker: aWorker({}, registered({ drain, conditions }), deleted), node: aNode(), frozen, ...more });

  test('then nothing is cordoned, evicted, removed or deleted, and it looks again', () => {
    const emptied = { node: cordoned(aNode()), cordoned: true };
    const pod = { namespace: 'team', name: 'web', uid: 'u' };
    const steps = [
      leaving({}),
      leaving({ ...emptied, drain: aPlan({ actions: [{ kind: 'Evict', pod }] }) }),
      leaving({ ...emptied, vm: { state: 'running' } }, holding('Registered', 'Drained')),
      leaving({ ...emptied, vm: { state: 'absent' } }, holding('Registered', 'Drained')),
    ];

    for (const step of steps) expect(decide(step, at('10:02:00'))).toEqual({ actions: [], requeueAfterMs: 5_000 });
    for (const step of steps.map((each) => ({ ...each, frozen: undefined, silent: 'The provider has not answered' })))
      expect(decide(step, at('10:02:00'))).toEqual({ actions: [], requeueAfterMs: 5_000 });
  });

  test('machines are made, Nodes marked and cordons taken back all the same', () => {
    const unmarked = aNode({ metadata: { annotations: {} } });

    expect(decisions(seenOf({ worker: aWorker({}, admitted()), frozen }))).toEqual(['EnsureVm']);
    expect(decisions(seenOf({ worker: aWorker({}, admitted()), node: unmarked, frozen }))).toEqual(['MarkNode']);
    expect(
      decisions(seenOf({ worker: aWorker({}, registered()), node: cordoned(aNode()), cordoned: true, frozen })),
    ).toEqual(['Uncordon']);
  });
});
