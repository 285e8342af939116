import { expect, test } from 'vitest';
import { kindsOver } from '../follow.ts';
import { PersistentVolumeClaims, VolumeAttachments } from '../kube/core.ts';
import { aPod, owner } from '../testing/pods.ts';
import { MemoryApiServer } from '../testing/simulation/api-server.ts';
import { isWrite, LineTo } from '../testing/simulation/line-to.ts';
import { aNode, at } from '../testing/workers.ts';
import { AttachedVolumes } from './attached.ts';

const judged = {
  rules: { daemonSets: 'Skip', unmanagedPods: 'Evict', order: [] },
  daemonSets: new Set(['uid-of-DaemonSet']),
  now: at('10:00:00'),
} as const;

/** Volumes `pv-<name>` attached to a Node each. */
function worldWith(attached: Readonly<Record<string, string>>) {
  const server = new MemoryApiServer();
  const line = new LineTo(server);
  const kinds = kindsOver(line.client);
  for (const [volume, nodeName] of Object.entries(attached)) {
    const source = { persistentVolumeName: volume };
    const spec = { attacher: 'csi.example.com', nodeName, source };
    const draft = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: `of-${volume}` },
      spec,
    };
    kinds.attachments.store.learn(server.create(VolumeAttachments, draft) as never);
  }
  return { server, line, kinds, volumes: new AttachedVolumes(kinds, line.client) };
}

test('D15: volumes of a DaemonSet, and those of other Nodes, are no reason to wait', async () => {
  const { server, kinds, volumes } = worldWith({ 'pv-web': 'burst-1', 'pv-logs': 'burst-1', 'pv-else': 'burst-2' });
  const metadata = { name: 'logs', namespace: 'team' };
  server.create(PersistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: { volumeName: 'pv-logs' },
  });
  const mounted = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'logs' } }] } };
  kinds.pods.store.learn(aPod({ name: 'daemon', owners: [owner('DaemonSet')], ...mounted }));

  expect(await volumes.to(aNode(), judged)).toEqual(['pv-web']);
});

test('D15: a claim that is gone keeps nothing', async () => {
  const { kinds, volumes } = worldWith({ 'pv-logs': 'burst-1' });
  const mounted = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'logs' } }] } };
  kinds.pods.store.learn(aPod({ name: 'daemon', owners: [owner('DaemonSet')], ...mounted }));

  expect(await volumes.to(aNode(), judged)).toEqual(['pv-logs']);
});

test('D15: a Node without volumes costs no call', async () => {
  const { line, volumes } = worldWith({ 'pv-else': 'burst-2' });

  expect(await volumes.to(aNode(), judged)).toEqual([]);
  expect(line.calls.filter((call) => isWrite(call) || call.verb === 'get')).toEqual([]);
});
