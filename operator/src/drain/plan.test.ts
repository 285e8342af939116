import { describe, expect, test } from 'vitest';
import { aBudget, aPod, owner, type PodChange } from '../testing/pods.ts';
import { at } from '../testing/workers.ts';
import type { DrainInput, Refused } from './input.ts';
import { planDrain } from './plan.ts';

const rules = {
  daemonSets: 'Skip',
  unmanagedPods: 'Evict',
  onDeadline: 'ForceDelete',
  gracePeriodMs: 5 * 60_000,
  order: [],
} as const;

/** A Node cordoned at 10:00:00 with a deadline at 10:10:00, seen at this time. */
const draining = (time: string, pods: readonly PodChange[], more: Partial<DrainInput> = {}): DrainInput => ({
  pods: pods.map((change) => aPod(change)),
  rules,
  cordonedAt: at('10:00:00'),
  deadline: at('10:10:00'),
  now: at(time),
  refused: new Map(),
  asked: new Map(),
  budgets: [],
  daemonSets: new Set(['uid-of-DaemonSet']),
  machine: undefined,
  ...more,
});

const steps = (input: DrainInput): string[] =>
  planDrain(input).actions.map((action) =>
    action.kind === 'Evict' ? `evict ${action.pod.name}` : `delete ${action.pod.name} ${action.gracePeriodSeconds}`,
  );

const refusedUntil = (time: string): Refused => ({
  until: at(time),
  since: at('10:00:00'),
  reason: 'PodsBlocked',
  message: 'a budget',
});
const protectedPod: PodChange = { name: 'db', annotations: { 'cortex.automation/do-not-evict': 'true' } };
const blanket: PodChange = { name: 'agent', spec: { tolerations: [{ operator: 'Exists' }] } };
const critical: PodChange = { name: 'dns', spec: { priorityClassName: 'system-cluster-critical' } };

describe('D12: the deadline', () => {
  test('a pod is evicted until the time left is what it needs to end, then deleted with that time', () => {
    expect(steps(draining('10:09:29', [{}]))).toEqual(['evict web']);
    expect(steps(draining('10:09:30', [{}]))).toEqual(['delete web 30']);
    expect(steps(draining('10:09:50', [{}]))).toEqual(['delete web 10']);
  });

  test('D13: past it the grace is one second, never none', () => {
    expect(steps(draining('10:10:00', [{}]))).toEqual(['delete web 1']);
    expect(steps(draining('18:00:00', [{ spec: { terminationGracePeriodSeconds: 0 } }]))).toEqual(['delete web 1']);
  });

  test('a grace longer than the pool honours is cut to that', () => {
    const patient: PodChange = { spec: { terminationGracePeriodSeconds: 3600 } };

    expect(steps(draining('10:04:59', [patient]))).toEqual(['evict web']);
    expect(steps(draining('10:05:00', [patient]))).toEqual(['delete web 300']);
  });

  test('with Hold nothing is ever forced', () => {
    const hold = { rules: { ...rules, onDeadline: 'Hold' as const } };

    expect(steps(draining('18:00:00', [{}, protectedPod], hold))).toEqual(['evict web']);
  });

  test('D6: a protected pod stays until then, and so does one that nothing brings back under Block', () => {
    const block = { rules: { ...rules, unmanagedPods: 'Block' as const } };

    expect(steps(draining('10:09:29', [protectedPod]))).toEqual([]);
    expect(steps(draining('10:09:30', [protectedPod]))).toEqual(['delete db 30']);
    expect(steps(draining('10:09:29', [{ owners: [] }], block))).toEqual([]);
  });

  test('D9: what was refused to be deleted is asked again when its time has come, and meanwhile says so', () => {
    const refused = new Map([['uid-of-web', { ...refusedUntil('10:11:05'), deletion: true, message: 'a policy' }]]);
    const waits = draining('10:11:00', [{}], { refused });
    const off = draining('10:11:00', [{}], { refused, machine: 'off' });

    for (const input of [waits, off]) {
      expect(steps(input)).toEqual([]);
      expect(planDrain(input).requeueAfterMs).toBe(5_000);
      expect(planDrain(input).blockage?.message).toBe('Pod team/web: a policy');
    }
    expect(steps({ ...waits, now: at('10:11:05') })).toEqual(['delete web 1']);
    expect(steps({ ...off, now: at('10:11:05') })).toEqual(['delete web 0']);
  });

  test('D12: what was refused to be evicted is deleted at once', () => {
    const refused = new Map([['uid-of-web', refusedUntil('10:11:05')]]);

    expect(steps(draining('10:11:00', [{}], { refused }))).toEqual(['delete web 1']);
  });

  test('a pod that leaves already is not touched again', () => {
    expect(steps(draining('10:10:00', [{ deletionTimestamp: '2030-01-01T10:10:20Z' }]))).toEqual([]);
  });
});

test('B5: a pod is asked to go once, and again only when the copy does not show it in time', () => {
  const asked = new Map([['uid-of-web', at('10:00:15')]]);

  expect(planDrain(draining('10:00:10', [{}], { asked }))).toMatchObject({ actions: [], requeueAfterMs: 5_000 });
  expect(steps(draining('10:00:15', [{}], { asked }))).toEqual(['evict web']);
});

describe('D7: waves', () => {
  test('the next wave waits for the one before, past deadlines for nobody', () => {
    const leaving: PodChange = { name: 'api', deletionTimestamp: '2030-01-01T10:01:00Z' };

    expect(steps(draining('10:00:10', [leaving, critical]))).toEqual([]);
    expect(steps(draining('10:00:10', [critical]))).toEqual(['evict dns']);
    expect(steps(draining('10:09:30', [leaving, critical]))).toEqual(['delete dns 30']);
  });
});

const drained = (time: string, pods: readonly PodChange[] = [], more: Partial<DrainInput> = {}) =>
  planDrain(draining(time, pods, more)).drained;

describe('D5: drained', () => {
  test('is said five seconds after the cordon at the earliest', () => {
    expect(drained('10:00:04')).toBe(false);
    expect(planDrain(draining('10:00:04', [])).requeueAfterMs).toBe(1_000);
    expect(drained('10:00:05')).toBe(true);
  });

  test('is never said of a Node that is not cordoned, and nothing is evicted from it', () => {
    expect(drained('10:05:00', [], { cordonedAt: undefined })).toBe(false);
    expect(steps(draining('10:05:00', [{}], { cordonedAt: undefined }))).toEqual([]);
  });

  test('D6: ends waiting for a pod that is stuck a minute after it should have gone', () => {
    const stuck: PodChange = { deletionTimestamp: '2030-01-01T10:01:00Z' };

    expect(drained('10:01:59', [stuck])).toBe(false);
    expect(drained('10:02:00', [stuck])).toBe(true);
  });

  test('is not kept back by what may stay', () => {
    expect(drained('10:00:05', [{ owners: [owner('DaemonSet')] }, { status: { phase: 'Succeeded' } }])).toBe(true);
  });
});

describe('D6: a pod that tolerates every cordon', () => {
  test('is evicted in the last wave', () => {
    expect(steps(draining('10:00:10', [{}, blanket]))).toEqual(['evict web']);
    expect(steps(draining('10:00:10', [blanket]))).toEqual(['evict agent']);
    expect(planDrain(draining('10:00:10', [blanket])).drained).toBe(false);
  });

  test('is waited for until its grace is over', () => {
    const leaving = { ...blanket, deletionTimestamp: '2030-01-01T10:00:40Z' };

    expect(planDrain(draining('10:00:39', [leaving]))).toMatchObject({ drained: false, requeueAfterMs: 1_000 });
    expect(planDrain(draining('10:00:40', [leaving])).drained).toBe(true);
  });

  test('is evicted once: one that came back stays, and so does one whose eviction was refused', () => {
    const back = { ...blanket, createdAt: '2030-01-01T10:00:20Z' };
    const refused = new Map([['uid-of-agent', refusedUntil('10:00:11')]]);

    expect(planDrain(draining('10:00:30', [back]))).toMatchObject({ actions: [], drained: true });
    expect(planDrain(draining('10:00:30', [blanket], { refused }))).toMatchObject({ actions: [], drained: true });
  });
});

describe('D10: a refusal', () => {
  const refused = new Map([['uid-of-web', refusedUntil('10:00:20')]]);

  test('holds the pod back until its time, and wakes up then', () => {
    expect(planDrain(draining('10:00:10', [{}], { refused }))).toMatchObject({ actions: [], requeueAfterMs: 10_000 });
    expect(steps(draining('10:00:20', [{}], { refused }))).toEqual(['evict web']);
  });

  test('D19: is a blocker with its reason, since when, sorted and at most ten', () => {
    const names = Array.from({ length: 12 }, (_, i) => `pod-${String(11 - i).padStart(2, '0')}`);
    const all = new Map(names.map((name) => [`uid-of-${name}`, refusedUntil('10:00:20')]));
    const { blockers, counts } = planDrain(
      draining(
        '10:00:10',
        names.map((name) => ({ name })),
        { refused: all },
      ),
    );

    expect(blockers).toHaveLength(10);
    expect(blockers[0]).toEqual({
      kind: 'Pod',
      namespace: 'team',
      name: 'pod-00',
      reason: 'a budget',
      since: '2030-01-01T10:00:00Z',
    });
    expect(counts).toMatchObject({ total: 12, blocked: 12 });
  });

  test('D19: a plan of an unchanged Node reads the same at another time', () => {
    const first = planDrain(draining('10:00:10', [{}, protectedPod], { refused }));
    const second = planDrain(draining('10:00:15', [protectedPod, {}], { refused }));

    expect([second.counts, second.blockers, second.wave]).toEqual([first.counts, first.blockers, first.wave]);
  });
});

const refusedBy = (version: string): Refused => ({
  ...refusedUntil('10:00:40'),
  budget: { key: 'team/web', version },
});

describe('D10: a budget', () => {
  const web: PodChange[] = ['web-0', 'web-1', 'web-2'].map((name) => ({ name, labels: { app: 'web' } }));
  const held = (budget = aBudget(), version = '1') =>
    draining('10:00:10', web, { budgets: [budget], refused: new Map([['uid-of-web-0', refusedBy(version)]]) });

  test('is asked for one eviction at a time, unless it says that it allows more', () => {
    expect(steps(draining('10:00:10', web, { budgets: [aBudget()] }))).toEqual(['evict web-0']);
    expect(steps(draining('10:00:10', web, { budgets: [aBudget({ disruptionsAllowed: 2 })] }))).toEqual([
      'evict web-0',
      'evict web-1',
    ]);
  });

  test('that refused one pod holds back all it covers, and nothing else', () => {
    const other: PodChange = { name: 'api' };

    expect(steps(held())).toEqual([]);
    expect(steps({ ...held(), pods: [...held().pods, aPod(other)] })).toEqual(['evict api']);
    expect(planDrain(held()).counts).toMatchObject({ total: 3, blocked: 3 });
  });

  test('that changed since and allows something is tried at once; one that merely changed is not', () => {
    expect(steps(held(aBudget({ disruptionsAllowed: 1 }, '2')))).toEqual(['evict web-0']);
    expect(steps(held(aBudget({ disruptionsAllowed: 0 }, '2')))).toEqual([]);
    expect(steps(held(aBudget({ disruptionsAllowed: 1 }, '1')))).toEqual([]);
  });

  test('that is gone holds nothing back', () => {
    expect(steps({ ...held(), budgets: [] })).toEqual(['evict web-0', 'evict web-1', 'evict web-2']);
  });

  test('that holds pods back is named once, since its first refusal, with what it needs', () => {
    expect(planDrain(held()).blockers).toEqual([
      {
        kind: 'PodDisruptionBudget',
        namespace: 'team',
        name: 'web',
        reason: 'it allows no disruption now: it needs 3 healthy pods and has 2',
        since: '2030-01-01T10:00:00Z',
      },
    ]);
    expect(planDrain(held()).blockage?.reason).toBe('PodsBlocked');
  });

  test('D11: that never allows anything is said, and is no licence to force', () => {
    const never = held(aBudget({ currentHealthy: 3 }));

    expect(planDrain(never).blockage).toEqual({
      reason: 'PDBNeverAllows',
      message:
        'PodDisruptionBudget team/web: it never allows a disruption: all 3 of its pods are healthy and it needs 3; loosen it, or add replicas',
    });
    expect(steps(never)).toEqual([]);
  });

  test('D12: does not keep a pod past its deadline', () => {
    expect(steps({ ...held(), now: at('10:09:30') })).toEqual([
      'delete web-0 30',
      'delete web-1 30',
      'delete web-2 30',
    ]);
  });

  test('D9: two of them over one pod are said as that', () => {
    const refused = new Map([
      ['uid-of-web', { ...refusedUntil('10:00:20'), reason: 'MultiplePDBs', message: 'more than one' } as const],
    ]);

    expect(planDrain(draining('10:00:10', [{}], { refused })).blockage).toEqual({
      reason: 'MultiplePDBs',
      message: 'Pod team/web: more than one',
    });
  });
});

describe('D14: a Node that does not answer', () => {
  const budgets = [aBudget()];
  const pods: PodChange[] = [
    { name: 'web', labels: { app: 'web' } },
    critical,
    { name: 'api', deletionTimestamp: '2030-01-01T10:00:30Z' },
  ];

  test('D13: whose machine is off loses its pods at once, without grace, budget or wave', () => {
    expect(steps(draining('10:00:10', pods, { budgets, machine: 'off' }))).toEqual([
      'delete api 0',
      'delete dns 0',
      'delete web 0',
    ]);
  });

  test('whose machine runs is drained as any other', () => {
    expect(steps(draining('10:00:10', pods, { budgets, machine: 'on' }))).toEqual(['evict web']);
    expect(steps(draining('10:10:00', pods, { budgets, machine: 'on' }))).toEqual(['delete dns 1', 'delete web 1']);
  });

  test('of whose machine nothing is known is left alone, past its deadline too, and looked at again', () => {
    expect(planDrain(draining('10:20:00', pods, { budgets, machine: 'unknown' }))).toMatchObject({
      actions: [],
      drained: false,
      requeueAfterMs: 5_000,
    });
  });
});

const eta = (pods: readonly PodChange[], more: Partial<DrainInput> = {}) =>
  planDrain(draining('10:00:10', pods, more)).eta;

describe('D19: when it will be done', () => {
  test('is when the last pod has had its grace, wave by wave', () => {
    expect(eta([{ deletionTimestamp: '2030-01-01T10:00:40Z' }])).toEqual(at('10:00:40'));
    expect(eta([{}, critical])).toEqual(at('10:01:10'));
    expect(eta([])).toEqual(at('10:00:10'));
  });

  test('is the deadline where something is in the way, and unknown where nothing is forced', () => {
    expect(eta([protectedPod])).toEqual(at('10:10:00'));
    expect(eta([protectedPod], { rules: { ...rules, onDeadline: 'Hold' } })).toBeUndefined();
  });
});
