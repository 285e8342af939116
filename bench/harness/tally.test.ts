import { Store } from '@cortex/operator/kube/store';
import { Followed } from '@cortex/e2e/system/cluster';
import type { Pod } from '@cortex/operator/kube/core';
import { Pods } from '@cortex/operator/kube/core';
import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

const pod = (name: string, version: number, phase: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', uid: name, resourceVersion: String(version), creationTimestamp: '' },
  spec: { containers: [] },
  status: { phase },
});

const running = (now: Pod | undefined): boolean => now?.status?.phase === 'Running';

test('each object counts once, when it is first as it should be', async () => {
  const store = new Store<Pod>();
  const tally = new Tally('pods run', new Followed(Pods, store), running);
  const reached = tally.reaches(2, 60_000);

  store.learn(pod('x', 1, 'Pending'));
  store.learn(pod('x', 2, 'Running'));
  store.learn(pod('x', 3, 'Running'));
  expect(tally.since.size).toBe(1);
  store.learn(pod('y', 4, 'Running'));

  expect(await reached).toBe(tally.since.get('a/y'));
});

test('objects that go can be counted too', async () => {
  const store = new Store<Pod>();
  store.learn(pod('x', 1, 'Running'));
  const tally = new Tally('pods are gone', new Followed(Pods, store), (now) => now === undefined);

  store.forget(pod('x', 2, 'Running'));

  await tally.reaches(1, 60_000);
  expect([...tally.since.keys()]).toEqual(['a/x']);
});

test('what did not come about in time is said with numbers', async () => {
  const tally = new Tally('pods run', new Followed(Pods, new Store<Pod>()), running);

  await expect(tally.reaches(3, 1)).rejects.toThrow('0 of 3 pods run after 0.001 s');
});
