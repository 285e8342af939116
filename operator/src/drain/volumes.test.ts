import { describe, expect, test } from 'vitest';
import type { VolumeAttachment } from '../kube/core.ts';
import { aPod, owner, type PodChange } from '../testing/pods.ts';
import { at, holding } from '../testing/workers.ts';
import { claimsOf, type Detaching, detachClaims, keepsVolumes, leftAttached, untilDetached } from './volumes.ts';

const judged = {
  rules: { daemonSets: 'Skip', unmanagedPods: 'Evict', order: [] },
  daemonSets: new Set(['uid-of-DaemonSet']),
  now: at('10:00:00'),
} as const;

const attachment = (name: string, persistentVolumeName?: string): VolumeAttachment => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2030-01-01T09:00:00Z' },
  spec: {
    attacher: 'csi.example.com',
    nodeName: 'burst-1',
    source: persistentVolumeName === undefined ? {} : { persistentVolumeName },
  },
});

test.for<[string, PodChange, boolean]>([
  ['one of a DaemonSet', { owners: [owner('DaemonSet')] }, true],
  ['one that tolerates every cordon', { spec: { tolerations: [{ operator: 'Exists' }] } }, true],
  ['one that has ended', { owners: [owner('DaemonSet')], status: { phase: 'Succeeded' } }, false],
  ['one that leaves', { owners: [owner('DaemonSet')], deletionTimestamp: '2030-01-01T10:00:00Z' }, false],
  ['an ordinary one', {}, false],
])('D15: whether %s keeps its volumes attached', ([, change, keeps]) => {
  expect(keepsVolumes(aPod(change), judged)).toBe(keeps);
});

test('D15: the claims of a pod are those it names and those made for it alone', () => {
  const volumes = [
    { name: 'config' },
    { name: 'data', persistentVolumeClaim: { claimName: 'db-0' } },
    { name: 'scratch', ephemeral: {} },
  ];

  expect(claimsOf(aPod({ spec: { volumes } }))).toEqual(['team/db-0', 'team/web-scratch']);
});

test('D15: what counts is what is attached minus what pods that stay use', () => {
  const all = [attachment('a', 'pv-2'), attachment('b', 'pv-1'), attachment('c', 'pv-of-daemon'), attachment('inline')];

  expect(leftAttached(all, new Set(['pv-of-daemon']))).toEqual(['inline', 'pv-1', 'pv-2']);
});

const said = (of: Detaching, now: Date): string[] =>
  detachClaims(of, now).map(({ status, reason, message }) => `${String(status)} ${reason}: ${message}`);

describe('D15: volumes that are left', () => {
  const [drained] = holding('Drained'); // at 10:00:00
  const seen = (attached: Detaching['attached'], more: Partial<Detaching> = {}): Detaching => ({
    node: 'burst-1',
    attached,
    drained,
    timeout: '5m',
    ...more,
  });

  test('are waited for from the end of the evictions on, five minutes unless said otherwise', () => {
    expect(untilDetached(seen(['pv-1']), at('10:00:00'))).toBe(300_000);
    expect(untilDetached(seen(['pv-1']), at('10:04:59'))).toBe(1_000);
    expect(untilDetached(seen(['pv-1']), at('10:05:00'))).toBe(0);
    expect(untilDetached(seen(['pv-1'], { timeout: '0s' }), at('10:00:00'))).toBe(0);
    expect(untilDetached(seen(['pv-1'], { drained: undefined }), at('10:09:00'))).toBe(300_000);
  });

  test('are named, with the time until which they are waited for', () => {
    expect(said(seen(['pv-1', 'pv-2']), at('10:01:00'))).toEqual([
      'false VolumesAttached: Still attached to Node burst-1: pv-1, pv-2; waited for until 2030-01-01T10:05:00Z',
    ]);
    const many = Array.from({ length: 8 }, (_, i) => `pv-${i}`);
    expect(said(seen(many), at('10:01:00'))[0]).toContain('pv-0, pv-1, pv-2, pv-3, pv-4 and 3 more;');
  });

  test('stop nothing once their time is over, and are still named', () => {
    expect(said(seen(['pv-1']), at('10:05:00'))).toEqual([
      'false VolumeDetachTimeout: Still attached to Node burst-1: pv-1; no longer waited for after 5m (volumeDetachTimeout)',
    ]);
  });

  test('are none, or nobody looked because the machine is gone', () => {
    expect(said(seen([]), at('10:00:00'))).toEqual([
      'true VolumesDetached: No volume that counts is attached to Node burst-1',
    ]);
    expect(untilDetached(seen([]), at('10:00:00'))).toBe(0);
    expect(said(seen(undefined), at('10:00:00'))).toEqual([]);
    expect(untilDetached(seen(undefined), at('10:00:00'))).toBe(0);
  });
});
