import { describe, expect, test } from 'vitest';
import { Stalled, Waiting } from '../runtime/outcome.ts';
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
  said,
  seenOf,
} from '../testing/workers.ts';
import type { Seen } from './seen.ts';
import { report } from './status.ts';

const now = at('10:02:00');
const deleted = { deletionTimestamp: '2030-01-01T10:02:00Z' };
const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
const leaving = (more: Partial<Seen> = {}, status = {}) =>
  seenOf({ worker: aWorker({}, registered({ drain, ...status }), deleted), node: aNode(), ...more });
const drained = { conditions: holding('Registered', 'Drained') };
const emptied = { node: cordoned(aNode()), cordoned: true };

const empty = aPlan({ drained: true });

const deadline = (timeout: string) =>
  report(leaving({ pool: aPool({ drain: { timeout } }) }), undefined, at('10:03:00'))?.drain?.deadline;

describe('the deadline (D12)', () => {
  test('is counted once, from the start', () => {
    const begun = report(leaving({}, { drain: undefined }), undefined, now);

    expect(begun?.drain).toEqual({ startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' });
    expect(report(leaving(), undefined, at('10:07:00'))?.drain?.deadline).toBe('2030-01-01T10:12:00Z');
  });

  test('is brought nearer by a later edit of the pool, and never moved away', () => {
    expect(deadline('5m')).toBe('2030-01-01T10:07:00Z');
    expect(deadline('2h')).toBe('2030-01-01T10:12:00Z');
  });
});

describe('what a worker says on its way down', () => {
  test('T3: why it goes, and that it may still be kept when nobody asked for its deletion', () => {
    const expired = aWorker({ ttl: '60s' }, registered());
    const status = report(seenOf({ worker: expired, node: aNode() }), undefined, at('10:10:00'));

    expect(status?.phase).toBe('Draining');
    expect(said(status)).toEqual(
      expect.arrayContaining(['Expiring=True/TtlExpired', 'Ready=False/Draining', 'Registered=True/Ready']),
    );
    expect(said(report(leaving(), undefined, now))).not.toContain('Expiring=True/ReleasedByUser');
  });

  test('B5: the end of the drain is one word, with the cordon', () => {
    const status = report(leaving({ ...emptied, drain: empty }), undefined, now);

    expect(status?.phase).toBe('Terminating');
    expect(said(status)).toEqual(expect.arrayContaining(['Cordoned=True/Draining', 'Drained=True/Drained']));
  });

  test('D15: it keeps draining while volumes are attached, names them, and goes on once they are gone', () => {
    const waiting = report(leaving({ ...emptied, drain: empty, volumes: ['pv-1'] }), undefined, now);
    expect(waiting?.phase).toBe('Draining');
    expect(said(waiting)).toEqual(
      expect.arrayContaining(['Drained=True/Drained', 'VolumesDetached=False/VolumesAttached']),
    );

    const goes = report(leaving({ ...emptied, volumes: [] }, { ...waiting }), undefined, at('10:03:00'));
    expect(goes?.phase).toBe('Terminating');
    expect(said(goes)).toContain('VolumesDetached=True/VolumesDetached');
    const late = report(leaving({ ...emptied, volumes: ['pv-1'] }, { ...waiting }), undefined, at('10:07:00'));
    expect(late?.phase).toBe('Terminating');
    expect(said(late)).toContain('VolumesDetached=False/VolumeDetachTimeout');
  });

  test('B5: what was said of volumes is not said again because of the DELETE, which makes a new generation', () => {
    const none = report(leaving({ ...emptied, drain: empty, volumes: [] }), undefined, now);
    const worker = aWorker({}, { ...none }, { ...deleted, generation: 2 });

    expect(said(none)).toContain('VolumesDetached=True/VolumesDetached');
    expect(report(seenOf({ worker, ...emptied, volumes: [] }), undefined, now)).toBeUndefined();
  });

  test('D15: an end that is taken back takes the wait for volumes back too', () => {
    const waiting = report(leaving({ ...emptied, drain: empty, volumes: ['pv-1'] }), undefined, now);
    const kept = report(seenOf({ worker: aWorker({}, { ...waiting }), node: aNode() }), undefined, at('10:03:00'));

    expect(said(kept)).toEqual(expect.arrayContaining(['Drained=False/Extended', 'VolumesDetached=False/Extended']));
  });

  test('D5: it is not drained before its Node is cordoned, nor before the drain is on record', () => {
    expect(said(report(leaving({ drain: empty }), undefined, now))).not.toContain('Drained=True/Drained');
    expect(said(report(leaving({ ...emptied, drain: empty }, { drain: undefined }), undefined, now))).not.toContain(
      'Drained=True/Drained',
    );
  });

  test('D5: a Node that joined anew is no longer drained, and is the one that is drained from now on', () => {
    const again = aNode({ metadata: { uid: 'another' } });
    const status = report(leaving({ node: again, cordoned: true, drain: aPlan() }, drained), undefined, now);

    expect(said(status)).toContain('Drained=False/Draining');
    expect(status?.nodeUID).toBe('another');
  });

  test('D5: what was drained under a cordon that somebody took away is not drained under the next one', () => {
    const again = { node: cordoned(aNode(), '10:01:00'), cordoned: true, drain: empty };
    const reopened = report(leaving(again, drained), undefined, now);

    expect(said(reopened)).toEqual(expect.arrayContaining(['Cordoned=False/Draining', 'Drained=False/Draining']));
    expect(said(report(leaving(again, { ...reopened }), undefined, now))).toContain('Drained=True/Drained');
  });

  test('D5: a Node that was opened again is no longer drained', () => {
    expect(said(report(leaving({}, drained), undefined, now))).toContain('Drained=False/Draining');
  });

  test('B5: after Drained nothing is written but trouble', () => {
    const after = leaving({ ...emptied, vm: { state: 'stopping' } }, drained);

    expect(report(after, new Waiting(1_000, 'Terminating', 'its machine is going'), now)).toBeUndefined();
  });

  test('a provider that refuses to remove is said, and so is that it is over', () => {
    const after = leaving(emptied, drained);
    const refusing = report(after, new Stalled('ProviderError', 'protected'), now);

    expect(said(refusing)).toContain('Ready=False/ProviderError');
    const recovered = leaving(emptied, { ...refusing });
    expect(said(report(recovered, undefined, now))).toContain('Ready=False/Draining');
  });

  describe('S8: a provider that does not answer', () => {
    const silent = 'The provider of WorkerPool burst has not answered since 2030-01-01T10:00:00Z: no route';

    test('is why it does not go on, in the middle of its drain as at its end', () => {
      for (const each of [leaving({ ...emptied, silent }), leaving({ ...emptied, silent }, drained)]) {
        const status = report(each, undefined, now);
        expect(said(status)).toContain('Ready=False/Frozen');
        expect(status?.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(silent);
        expect(report(leaving({ ...emptied, silent }, { ...status }), undefined, now)).toEqual(status);
      }
    });

    test('and is taken back once it answers', () => {
      const after = report(leaving({ ...emptied, silent }, drained), undefined, now);

      expect(said(report(leaving(emptied, { ...after }), undefined, now))).toContain('Ready=False/Draining');
    });

    test('begins no drain, so nothing has a deadline', () => {
      const untouched = { mayDrain: false, silent };
      const deletedOne = report(leaving(untouched, { drain: undefined }), undefined, now);
      expect([deletedOne?.drain, deletedOne?.phase]).toEqual([undefined, 'Ready']);
      expect(said(deletedOne)).toContain('Ready=False/Frozen');

      const expired = aWorker({ ttl: '60s' }, registered());
      const waiting = report(seenOf({ worker: expired, node: aNode(), ...untouched }), undefined, at('10:10:00'));
      expect(said(waiting)).toEqual(expect.arrayContaining(['Ready=True/Ready', 'Expiring=True/TtlExpired']));
      expect(waiting?.conditions?.find(({ type }) => type === 'Expiring')?.message).toContain(silent);
    });
  });

  test('D17: a task of the provider is written down before it is waited for', () => {
    const moved = { ...checkpoint, operation: 'task-1' };

    expect(report(leaving({ ...emptied, checkpoint: moved }, drained), undefined, now)?.vm?.operation).toBe('task-1');
  });

  test('D2: doubt about its Node stops it, is said, and starts no drain', () => {
    const status = report(leaving({ conflict: 'Node burst-1 is permanent' }, { drain: undefined }), undefined, now);

    expect(status?.drain).toBeUndefined();
    expect(said(status)).toEqual(
      expect.arrayContaining(['IdentityConflict=True/IdentityConflict', 'Ready=False/IdentityConflict']),
    );
  });

  test('B5: what never had a Node goes without a word', () => {
    const worker = aWorker({}, { vm: checkpoint, conditions: holding('Admitted', 'Launched') }, deleted);

    expect(report(seenOf({ worker, vm: { state: 'running' } }), undefined, now)).toBeUndefined();
    expect(report(seenOf({ worker: aWorker({}, undefined, deleted) }), undefined, now)).toBeUndefined();
  });

  test('D11: what keeps pods from leaving is the reason why it is not drained, until it no longer does', () => {
    const blockage = { reason: 'PDBNeverAllows', message: 'PodDisruptionBudget team/db' } as const;
    const blocked = report(leaving({ ...emptied, drain: aPlan({ blockage }) }), undefined, now);

    expect(said(blocked)).toContain('Drained=False/PDBNeverAllows');
    expect(said(report(leaving({ ...emptied, drain: aPlan() }, blocked), undefined, now))).toContain(
      'Drained=False/Draining',
    );
    expect(said(report(leaving({ ...emptied, drain: aPlan() }), undefined, now)).join()).not.toContain('Drained');
  });

  test('D19: blockers and counts are those of the plan', () => {
    const blockers = [
      { kind: 'Pod', namespace: 'team', name: 'db', reason: 'a budget', since: '2030-01-01T10:02:00Z' },
    ];
    const counts = { total: 2, evicted: 1, waiting: 0, blocked: 1, ignored: 3 };
    const status = report(
      leaving({ ...emptied, drain: { ...empty, drained: false, counts, blockers } }),
      undefined,
      now,
    );

    expect(status?.drain).toMatchObject({ ...drain, pods: counts, blockers });
  });
});

describe('D18: a worker whose turn has not come', () => {
  const expired = seenOf({ worker: aWorker({ ttl: '60s' }, registered()), node: aNode(), mayDrain: false });

  test('says so, and has no deadline yet', () => {
    const status = report(expired, undefined, at('10:10:00'));

    expect(status?.drain).toBeUndefined();
    expect(said(status)).toEqual(expect.arrayContaining(['Expiring=True/TtlExpired', 'Ready=True/Ready']));
    expect(status?.conditions?.find(({ type }) => type === 'Expiring')?.message).toContain('10 Nodes at a time');
  });

  test('counts its deadline from its own start', () => {
    const begun = report({ ...expired, mayDrain: true }, undefined, at('10:30:00'));

    expect(begun?.drain?.deadline).toBe('2030-01-01T10:40:00Z');
  });
});

test('D12: a NodeDrain that is shown on a worker lends it neither start nor deadline, nor its end', () => {
  const conditions = [
    ...holding('Registered', 'Drained'),
    { type: 'Cordoned', status: 'True', reason: 'NodeDrain', message: '', lastTransitionTime: '' } as const,
  ];
  const shown = leaving({ cordoned: true, drain: aPlan({ drained: true }) }, { conditions });
  const begun = report(shown, undefined, at('10:30:00'));

  expect(begun?.drain).toEqual({ startedAt: '2030-01-01T10:30:00Z', deadline: '2030-01-01T10:40:00Z' });
  expect(said(begun)).toEqual(expect.arrayContaining(['Cordoned=True/Draining', 'Drained=False/Draining']));
});
