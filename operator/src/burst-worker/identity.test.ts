import type { BurstWorker } from '@cortex/crds';
import { describe, expect, test } from 'vitest';
import type { Node } from '../kube/core.ts';
import { doubtAbout, forbidsDestruction } from './identity.ts';

const uid = '0b9d2c44-93a5-4d0e-a3f6-6f1f6a8f3f10';
const worker = {
  metadata: { name: 'burst-1', uid },
  status: { vm: { createdAt: '2030-01-01T10:00:00Z' } },
} as unknown as BurstWorker;

const node = (change: { systemUUID?: string; labels?: Record<string, string>; created?: string } = {}): Node =>
  ({
    metadata: {
      name: 'burst-1',
      labels: change.labels ?? {},
      creationTimestamp: change.created ?? '2030-01-01T10:00:30Z',
    },
    spec: {},
    status: { nodeInfo: { systemUUID: change.systemUUID ?? uid } },
  }) as unknown as Node;

test('S1: the worker’s own Node may be destroyed, however its UUID is written', () => {
  expect(forbidsDestruction(node(), worker)).toBeUndefined();
  expect(forbidsDestruction(node({ systemUUID: uid.toUpperCase() }), worker)).toBeUndefined();
});

test('D2: a Node of the same name on another machine is never destroyed', () => {
  expect(forbidsDestruction(node({ systemUUID: 'ffffffff-93a5-4d0e-a3f6-6f1f6a8f3f10' }), worker)).toContain(
    'is machine ffffffff',
  );
  expect(forbidsDestruction(node({ systemUUID: '' }), worker)).toBeDefined();
});

test('S2: neither a control-plane Node, nor a permanent one, nor one older than the machine', () => {
  expect(forbidsDestruction(node({ labels: { 'node-role.kubernetes.io/control-plane': '' } }), worker)).toContain(
    'control-plane',
  );
  expect(forbidsDestruction(node({ labels: { 'worker-type': 'permanent' } }), worker)).toContain('permanent');
  expect(forbidsDestruction(node({ created: '2030-01-01T09:59:59Z' }), worker)).toContain('older');
});

const named = (name: string, machine = uid, nodeUid = 'node-1'): Node => {
  const it = node({ systemUUID: machine });
  return { ...it, metadata: { ...it.metadata, name, uid: nodeUid } };
};

describe('D2: it is in doubt which Node a worker is', () => {
  const joined = { ...worker, status: { ...worker.status, nodeUID: 'node-1' } } as BurstWorker;

  test('when two Nodes report its machine', () => {
    expect(doubtAbout(joined, [named('b'), named('a')], undefined)).toContain('Nodes a and b both report');
  });

  test('when the Node it joined as reports another machine', () => {
    expect(doubtAbout(joined, [], named('burst-1', 'another'))).toContain('now reports machine another');
    expect(doubtAbout(joined, [], named('burst-1', ''))).toContain('now reports machine none');
  });

  test('not when its name went to a Node that never was it', () => {
    expect(doubtAbout(joined, [], named('burst-1', 'another', 'node-2'))).toBeUndefined();
  });

  test('not when it was renamed: the machine counts, never the name', () => {
    expect(doubtAbout(joined, [named('renamed')], undefined)).toBeUndefined();
  });

  test('S2: nor may a Node go that became permanent since', () => {
    const permanent = node({ labels: { 'worker-type': 'permanent' } });

    expect(doubtAbout(joined, [permanent], permanent)).toContain('permanent');
  });
});
