import { expect, test } from 'vitest';
import { aPod, owner } from '../testing/pods.ts';
import { workload } from '../testing/servers.ts';
import { countsOf, selectorText, workloadOfPod } from './workload.ts';

const of = (kind: string, name: string) => ({ ...owner(kind), name });

test('a pod belongs to the Deployment whose ReplicaSet made it, or to its StatefulSet', () => {
  const hashed = { labels: { 'pod-template-hash': '7c9f' } };

  expect(workloadOfPod(aPod({ owners: [of('ReplicaSet', 'clock-7c9f')], ...hashed }))).toBe('Deployment/team/clock');
  expect(workloadOfPod(aPod({ owners: [of('StatefulSet', 'notes')] }))).toBe('StatefulSet/team/notes');
});

test('a pod of anything else belongs to no workload: a forced stop must not reach it', () => {
  expect(workloadOfPod(aPod({ owners: [of('ReplicaSet', 'clock-7c9f')] }))).toBeUndefined();
  expect(
    workloadOfPod(aPod({ owners: [of('ReplicaSet', 'clock')], labels: { 'pod-template-hash': '7c9f' } })),
  ).toBeUndefined();
  expect(
    workloadOfPod(aPod({ owners: [of('Job', 'clock-7c9f')], labels: { 'pod-template-hash': '7c9f' } })),
  ).toBeUndefined();
  expect(workloadOfPod(aPod({ owners: [{ ...of('StatefulSet', 'notes'), controller: false }] }))).toBeUndefined();
  expect(workloadOfPod(aPod({ owners: [] }))).toBeUndefined();
});

test('counts are current only once its own controller has seen the spec', () => {
  expect(countsOf(workload('clock', { generation: 2, observed: 1 })).current).toBe(false);
  expect(countsOf(workload('clock', { generation: 2 })).current).toBe(true);
});

test('the selector of its pods is printed as the scale subresource wants it', () => {
  const one = workload('clock');
  one.spec.selector = {
    matchLabels: { app: 'clock' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'new', operator: 'Exists' },
      { key: 'zone', operator: 'NotIn', values: ['c'] },
    ],
  };

  expect(selectorText(one)).toBe('app=clock,tier in (a,b),!old,new,zone notin (c)');
});
