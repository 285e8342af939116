import { describe, expect, test } from 'vitest';
import { Stalled } from '../runtime/outcome.ts';
import { aNode, aPlan, aPool, at, aWorker, checkpoint, holding, registered, said, seenOf } from '../testing/workers.ts';
import { report } from './status.ts';

const now = at('10:02:00');

describe('a worker whose Node has joined', () => {
  const joined = seenOf({
    worker: aWorker({ ttl: '1h' }, { vm: checkpoint, conditions: holding('Admitted') }),
    node: aNode(),
  });

  test('T1: is Ready, with the identity of its Node and its end', () => {
    const status = report(joined, undefined, now);

    expect(status).toMatchObject({
      phase: 'Ready',
      nodeName: 'burst-1',
      nodeUID: 'uid-of-node',
      registeredAt: '2030-01-01T10:01:00Z',
    });
    expect(Date.parse(status?.hardStopAt ?? '') - Date.parse(status?.expiresAt ?? '')).toBe(10 * 60_000);
    expect(said(status)).toEqual(
      expect.arrayContaining(['Initialized=True/NodeReady', 'Ready=True/Ready', 'Registered=True/NodeJoined']),
    );
  });

  test('B5: says what its pods request with its first Ready word, and leaves that to others from then on', () => {
    const usage = { pods: 0, cpu: '0', memory: '0', observedAt: '2030-01-01T10:02:00Z' };
    const written = registered({ usage: { ...usage, pods: 3 } });

    expect(report({ ...joined, usage }, undefined, now)?.usage).toEqual(usage);
    expect(report({ ...joined, usage, node: aNode({ ready: false }) }, undefined, now)?.usage).toBeUndefined();
    expect(report(seenOf({ worker: aWorker({}, written), node: aNode() }), undefined, now)?.usage?.pods).toBe(3);
  });

  test('C3: is not Ready before its Node bears its mark', () => {
    expect(said(report({ ...joined, node: aNode({ metadata: { annotations: {} } }) }, undefined, now))).not.toContain(
      'Ready=True/Ready',
    );
  });

  test('B5: says the same again, and so writes nothing', () => {
    const once = report(joined, undefined, now);

    expect(report({ ...joined, worker: aWorker({ ttl: '1h' }, once) }, undefined, at('10:30:00'))).toEqual(once);
  });

  test('is not Ready while its Node is not, and keeps what it knows when the Node is gone', () => {
    const worker = aWorker({}, registered());

    expect(said(report(seenOf({ worker, node: aNode({ ready: false }) }), undefined, now))).toContain(
      'Ready=False/NodeNotReady',
    );
    const gone = report(seenOf({ worker }), undefined, now);
    expect(said(gone)).toContain('Ready=False/NodeGone');
    expect(gone).toMatchObject({ nodeUID: 'uid-of-node', registeredAt: '2030-01-01T10:01:00Z' });
  });

  test('C2: is claimed while it bears a claim, and says when that is over', () => {
    const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'Delete' as const };
    const claimed = report(seenOf({ worker: aWorker({ claimRef }, registered()), node: aNode() }), undefined, now);

    expect(said(claimed)).toContain('Claimed=True/Claimed');
    expect(said(report(seenOf({ worker: aWorker({}, claimed), node: aNode() }), undefined, now))).toContain(
      'Claimed=False/Released',
    );
  });
});

describe('T3: an end that was taken back', () => {
  const drain = { startedAt: '2030-01-01T10:02:00Z', deadline: '2030-01-01T10:12:00Z' };
  const conditions = holding('Admitted', 'Registered', 'Cordoned', 'Drained', 'Expiring');
  const extended = aWorker({ ttl: '10h' }, registered({ drain, conditions }));

  test('leaves nothing behind: the next drain begins anew', () => {
    const status = report(seenOf({ worker: extended, node: aNode() }), undefined, now);

    expect(status?.drain).toBeUndefined();
    expect(said(status)).toEqual(
      expect.arrayContaining(['Cordoned=False/Extended', 'Drained=False/Extended', 'Expiring=False/Extended']),
    );
  });
});

describe('deletionProtection', () => {
  test('is the reason why an end does not come, until it is lifted', () => {
    const worker = aWorker({ ttl: '60s', deletionProtection: true }, registered());
    const status = report(seenOf({ worker, node: aNode() }), undefined, at('12:00:00'));

    expect(said(status)).toEqual(expect.arrayContaining(['Expiring=False/Protected', 'Ready=True/Ready']));
  });
});

describe('a Node that takes no pods', () => {
  const worker = aWorker({}, registered());

  test('because somebody cordoned it makes its worker not Ready', () => {
    const status = report(seenOf({ worker, node: aNode({ spec: { unschedulable: true } }) }), undefined, now);

    expect(said(status)).toContain('Ready=False/NodeCordoned');
  });

  test('because it was deleted is to join again', () => {
    const status = report(seenOf({ worker, nodeDeleted: true, vm: { state: 'running' } }), undefined, now);

    expect(status?.phase).toBe('Joining');
    expect(said(status)).toContain('Ready=False/NodeGone');
  });
});

const silent = (conditions = registered().conditions) => ({
  worker: aWorker({}, registered({ conditions: conditions ?? [] })),
  node: aNode({ ready: false }),
});

describe('S7: a machine that is not there', () => {
  test('is said to be unknown once, and the slot stays taken', () => {
    const first = report(seenOf({ ...silent(), vm: { state: 'absent' } }), undefined, now);
    const again = report(seenOf({ ...silent(first?.conditions), vm: { state: 'absent' } }), undefined, at('10:02:20'));

    expect(said(first)).toContain('VmGone=Unknown/MachineLost');
    expect(again?.conditions).toEqual(first?.conditions);
  });

  test('is there again when it is seen', () => {
    const first = report(seenOf({ ...silent(), vm: { state: 'absent' } }), undefined, now);

    expect(said(report(seenOf({ ...silent(first?.conditions), vm: { state: 'running' } }), undefined, now))).toContain(
      'VmGone=False/VmCreated',
    );
  });
});

describe('C2: a worker on its way back to its pool', () => {
  const claimRef = { namespace: 'team', name: 'job', uid: 'a', reclaimPolicy: 'ReturnToPool' as const };
  const back = seenOf({
    worker: aWorker({ claimRef }, registered()),
    claimant: { state: 'Gone' },
    node: aNode({ metadata: { labels: { 'cortex.automation/job': 'team.job' } } }),
  });

  test('under isolation Shared is only unmarked, of which there is nothing to tell', () => {
    const shared = { ...back, pool: aPool({ isolation: 'Shared' }) };
    const refused = new Stalled('ProviderError', 'no such host');

    expect(report(shared, undefined, now)).toBeUndefined();
    expect(said(report(shared, refused, now))).toContain('Ready=False/ProviderError');
  });

  test('is not Ready, and names what keeps its pods', () => {
    const blockage = { reason: 'PodsBlocked', message: 'Pod team/db: it asks not to be evicted' } as const;
    const status = report({ ...back, cordoned: true, drain: aPlan({ blockage }) }, undefined, now);

    expect(said(report(back, undefined, now))).toContain('Ready=False/Returning');
    expect(status?.conditions?.find(({ type }) => type === 'Ready')?.message).toContain('Pod team/db');
  });

  test('is free and Ready again once its claim is gone', () => {
    const before = report(back, undefined, now);
    const free = report(seenOf({ worker: aWorker({ claimable: true }, before), node: aNode() }), undefined, now);

    expect(free?.phase).toBe('Ready');
    expect(said(free)).toContain('Ready=True/Ready');
  });
});
