import { expect, test } from 'vitest';
import type { AuditEntry } from '../control-plane/control-plane.ts';
import { auditName } from '../system/identity.ts';
import { writesAbout } from './writes.ts';

const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  verb: 'update',
  user: auditName('cortex-operator'),
  userAgent: '',
  group: '',
  resource: 'allocations',
  subresource: 'status',
  namespace: 'default',
  name: 'job',
  code: 200,
  requestedAt: new Date(0),
  completedAt: new Date(0),
  ...change,
});

test('writes are counted by what they were, about one life', () => {
  const entries = [
    entry({}),
    entry({}),
    entry({ verb: 'create', resource: 'burstworkers', subresource: '', name: 'job-1', code: 201 }),
    entry({ name: 'jobs' }),
  ];

  expect(writesAbout('job', entries)).toEqual({ 'update allocations/status': 2, 'create burstworkers': 1 });
});

test.for<[string, Partial<AuditEntry>]>([
  ['a refused write', { code: 409 }],
  ["somebody else's", { user: 'kubernetes-admin' }],
  ['what a pool publishes', { resource: 'workerpools' }],
  ['what pods request', { verb: 'patch', resource: 'burstworkers' }],
  ['a Lease', { resource: 'leases' }],
  ["a provider's Node", { verb: 'create', resource: 'nodes', subresource: '' }],
])('%s is not counted', ([, change]) => {
  expect(writesAbout('job', [entry(change)])).toEqual({});
});
