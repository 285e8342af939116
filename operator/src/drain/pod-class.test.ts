import { describe, expect, test } from 'vitest';
import { aPod, owner, type PodChange } from '../testing/pods.ts';
import { classOf, type PodClass, waveOf } from './pod-class.ts';

const rules = { daemonSets: 'Skip', unmanagedPods: 'Evict' } as const;

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
    expect(classOf(aPod(change), rules)).toBe(podClass);
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
    expect(classOf(aPod({ spec: { tolerations: [toleration] } }), rules)).toBe(podClass);
  });

  test('EvictLast counts the pods of DaemonSets, Block stands in the way of what nothing brings back', () => {
    const daemon = aPod({ owners: [owner('DaemonSet')] });

    expect(classOf(daemon, { ...rules, daemonSets: 'EvictLast' })).toBe('Counted');
    expect(classOf(aPod({ owners: [] }), { ...rules, unmanagedPods: 'Block' })).toBe('Blocking');
    expect(classOf(aPod(), { ...rules, unmanagedPods: 'Block' })).toBe('Counted');
  });
});

test('D7: the ordinary leave first, then daemons, the critical last', () => {
  const critical = { spec: { priorityClassName: 'system-node-critical' } };

  expect(waveOf(aPod(), 'Counted')).toBe(0);
  expect(waveOf(aPod({ owners: [owner('DaemonSet')] }), 'Counted')).toBe(1);
  expect(waveOf(aPod(critical), 'Counted')).toBe(2);
  expect(waveOf(aPod({ owners: [owner('DaemonSet')], ...critical }), 'Counted')).toBe(2);
  expect(waveOf(aPod(), 'Courtesy')).toBe(2);
});
