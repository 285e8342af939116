import { describe, expect, test } from 'vitest';
import type { Lease } from '../../kube/core.ts';
import type { VmRequest } from '../provider.ts';
import { isOurs, newRecord, startPatch, viewOf } from './record.ts';

const at = (time: string): Date => new Date(`2026-01-01T${time}Z`);
const request = { clusterId: 'here', workerUid: 'w1', name: 'burst-0', bootDelayMs: 30_000 } as VmRequest;

function record(annotations: Record<string, string> = {}): Lease {
  const { metadata } = newRecord('cortex-system', 'kwok-w1', request, at('10:00:00'));
  const made = { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
  return { metadata: { uid: 'u1', resourceVersion: '7', ...made } } as Lease;
}

describe('14: the state of a machine', () => {
  test.for<[string, Lease, string, string]>([
    ['boots for its boot delay', record(), '10:00:29', 'pending'],
    ['runs from then on', record(), '10:00:30', 'running'],
    ['is stopped when it is switched off', record({ 'cortex.automation/vm-power': 'off' }), '10:00:30', 'stopped'],
    ['is unknown when its power is', record({ 'cortex.automation/vm-power': 'odd' }), '10:00:30', 'unknown'],
    ['is unknown when its boot time is', record({ 'cortex.automation/vm-booted-at': 'soon' }), '10:00:30', 'unknown'],
  ])('%s', ([, lease, now, state]) => {
    expect(viewOf(lease, at(now)).state).toBe(state);
  });

  test('is stopping while a finalizer of somebody holds its record', () => {
    const { metadata, ...lease } = record();
    const leaving = { ...lease, metadata: { ...metadata, deletionTimestamp: '2026-01-01T10:01:00Z' } };

    expect(viewOf(leaving, at('10:01:01')).state).toBe('stopping');
  });
});

test('S3: a record is ours by cluster and worker together', () => {
  expect(isOurs(record(), request)).toBe(true);
  expect(isOurs(record(), { ...request, clusterId: 'there' })).toBe(false);
  expect(isOurs(record(), { ...request, workerUid: 'w2' })).toBe(false);
});

test('a machine is switched on again only as it was seen', () => {
  expect(startPatch(record(), request, at('11:00:00'))).toEqual({
    metadata: {
      uid: 'u1',
      resourceVersion: '7',
      annotations: {
        'cortex.automation/vm-power': 'on',
        'cortex.automation/vm-booted-at': '2026-01-01T11:00:30.000Z',
      },
    },
  });
});
