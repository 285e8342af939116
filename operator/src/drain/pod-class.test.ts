import { describe, expect, test } from 'vitest';
import { aPod, owner, type PodChange } from '../testing/pods.ts';
import { at } from '../testing/workers.ts';
import { classOf, type Judged, type PodClass, waveOf } from './pod-class.ts';

const judged = {
  rules: { daemonSets: 'Skip', unmanagedPods: 'Evict', order: [] },
  daemonSets: new Set(['uid-of-DaemonSet']),
  now: at('10:00:00'),
} as const;
const under = (rules: Partial<Judged['rules']>): Judged => ({ ...judged, rules: { ...judged.rules, ...rules } });

describe('D6: what a drain makes of a pod', () => {
  test.for<[string, PodChange, PodClass]>([
    ['a pod of a ReplicaSet', {}, 'Counted'],
    ['one that has ended', { status: { phase: 'Succeeded' } }, 'Ignored'],
    ['one that has failed', { status: { phase: 'Failed' } }, 'Ignored'],
    ['the mirror of a static pod', { annotations: { 'kubernetes.io/config.mirror': 'x' } }, 'Ignored'],
    ['one that its Node owns', { owners: [owner('Node')] }, 'Ignored'],
    ['one of a DaemonSet', { owners: [owner('DaemonSet')] }, 'Ignored'],
    ['one that nothing brings back', { owners: [] }, 'Counted'],
    ['one whose owner does not control it', { owners: [{ ...owner('DaemonSet'), controller: false }] }, 'Counted'],
    ['one with an emptyDir', { spec: { volumes: [{ name: 'scratch', emptyDir: {} }] } }, 'Counted'],
    ['one that Cluster API waits for', { labels: { 'cluster.x-k8s.io/drain': 'wait-completed' } }, 'Protected'],
    ['one that Cluster API would skip', { labels: { 'cluster.x-k8s.io/drain': 'skip' } }, 'Ignored'],
    ['one that asks to stay', { annotations: { 'cortex.automation/do-not-evict': 'true' } }, 'Protected'],
    ['one that Karpenter would not disrupt', { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }, 'Protected'],
    [
      'one that the autoscaler would not evict',
      { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } },
      'Protected',
    ],
    [
      'one that asks to stay, but is leaving already',
      { annotations: { 'cortex.automation/do-not-evict': 'true' }, deletionTimestamp: '2030-01-01T10:00:00Z' },
      'Counted',
    ],
  ])('%s is %s', ([, change, podClass]) => {
    expect(classOf(aPod(change), judged)).toBe(podClass);
  });

  test.for([
    ['the cordon by its key', { key: 'cortex.automation/draining', operator: 'Exists' }, 'Ignored'],
    ['the cordon for every effect', { key: 'cortex.automation/draining', operator: 'Exists', effect: '' }, 'Ignored'],
    ['the cordon with another value', { key: 'cortex.automation/draining', operator: 'Equal', value: 'x' }, 'Counted'],
    ['the claim of its job', { key: 'cortex.automation/job', operator: 'Exists' }, 'Counted'],
    ['everything', { operator: 'Exists' }, 'Courtesy'],
    ['everything that is not scheduled', { operator: 'Exists', effect: 'NoSchedule' }, 'Courtesy'],
    ['everything that is not executed', { operator: 'Exists', effect: 'NoExecute' }, 'Counted'],
  ] as const)('one that tolerates %s is %s', ([, toleration, podClass]) => {
    expect(classOf(aPod({ spec: { tolerations: [toleration] } }), judged)).toBe(podClass);
  });

  test('EvictLast counts the pods of DaemonSets, Block stands in the way of what nothing brings back', () => {
    const daemon = aPod({ owners: [owner('DaemonSet')] });

    expect(classOf(daemon, under({ daemonSets: 'EvictLast' }))).toBe('Counted');
    expect(classOf(aPod({ owners: [] }), under({ unmanagedPods: 'Block' }))).toBe('Blocking');
    expect(classOf(aPod(), under({ unmanagedPods: 'Block' }))).toBe('Counted');
  });

  test('a pod whose DaemonSet is gone is one that nothing brings back', () => {
    const orphan = aPod({ owners: [{ ...owner('DaemonSet'), uid: 'gone' }] });

    expect(classOf(orphan, judged)).toBe('Counted');
    expect(classOf(orphan, under({ unmanagedPods: 'Block' }))).toBe('Blocking');
  });

  test('a rule of the pool lets pods stay, and the first that fits counts', () => {
    const order = [
      { selector: { matchLabels: { app: 'web' } }, order: 0, behavior: 'Skip' },
      { selector: {}, order: 5, behavior: 'Drain' },
    ] as const;

    expect(classOf(aPod({ labels: { app: 'web' } }), under({ order }))).toBe('Ignored');
    expect(classOf(aPod(), under({ order }))).toBe('Counted');
  });

  test.for<[string, Record<string, string>, PodClass]>([
    ['for a while yet', { 'cortex.automation/do-not-evict': '90m' }, 'Protected'],
    ['no longer', { 'karpenter.sh/do-not-disrupt': '60m' }, 'Counted'],
    ['in words nobody understands', { 'cortex.automation/do-not-evict': 'please' }, 'Protected'],
    ['not at all', { 'cortex.automation/do-not-evict': 'false' }, 'Counted'],
  ])('one that started an hour ago and asks to stay %s', ([, annotations, podClass]) => {
    expect(
      classOf(aPod({ annotations, status: { phase: 'Running', startTime: '2030-01-01T09:00:00Z' } }), judged),
    ).toBe(podClass);
  });
});

const wave = (change: PodChange, podClass: PodClass = 'Counted', by = judged as Judged): number =>
  waveOf(aPod(change), podClass, by);

describe('D7: waves', () => {
  const critical = { spec: { priorityClassName: 'system-node-critical' } };
  const daemon = { owners: [owner('DaemonSet')] };

  test('the ordinary leave first, then daemons, the critical last', () => {
    expect([wave({}), wave(daemon), wave(critical), wave({ ...daemon, ...critical })]).toEqual([0, 1, 2, 2]);
    expect(wave({}, 'Courtesy')).toBe(2);
  });

  test('the order that a pool gives goes before that', () => {
    const order = [
      { selector: { matchLabels: { app: 'early' } }, order: -1, behavior: 'Drain' },
      { selector: { matchLabels: { app: 'late' } }, order: 1, behavior: 'Drain' },
    ] as const;
    const ordered = ['early', 'other', 'late'].map((app) => wave({ labels: { app } }, 'Counted', under({ order })));

    expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
    expect(wave({ labels: { app: 'early' }, ...critical }, 'Counted', under({ order }))).toBeLessThan(wave({}));
    expect(wave({ labels: { app: 'late' } }, 'Counted', under({ order }))).toBeGreaterThan(wave(critical));
  });
});
