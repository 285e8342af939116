import { describe, expect, test } from 'vitest';
import { adviceOn, type ErrorClass } from '../errors.ts';
import { type Incoming, refusalOf } from './refusal.ts';

const answer = (status: number, reason: string, body: object | string = { data: null }): Incoming => ({
  status,
  reason,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('30: what a refusal of Proxmox means', () => {
  test.for<[number, string, ErrorClass, string]>([
    [401, 'No ticket', 'Unauthorized', 'TokenRefused'],
    [403, 'Permission check failed (/vms/100, VM.Clone)', 'Unauthorized', 'PrivilegeMissing'],
    [400, 'Parameter verification failed.', 'Invalid', 'BadParameter'],
    [404, 'Not Found', 'NotReady', 'NotFound'],
    [429, 'Too Many Requests', 'Throttled', 'TooManyRequests'],
    [501, "Method 'POST /nodes/pve/qemu' not implemented", 'Invalid', 'NotImplemented'],
    [502, 'Bad Gateway', 'Transient', 'Http502'],
    [595, 'No route to host', 'Transient', 'Http595'],
    [500, 'got no worker upid - start worker failed', 'Conflict', 'Locked'],
    [500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout", 'Conflict', 'Locked'],
    [500, 'VM is locked (backup)', 'Conflict', 'Locked'],
    [500, "can't remove VM 100 - protection mode enabled", 'Conflict', 'Protected'],
    [500, "unable to create VM 100 - VM 100 already exists on node 'pve'", 'Conflict', 'AlreadyExists'],
    [500, "Configuration file 'nodes/pve/qemu-server/100.conf' does not exist", 'NotReady', 'NotFound'],
    [500, "no such file '/version'", 'NotReady', 'NotFound'],
    [500, 'out of space on storage local-lvm', 'Capacity', 'NoRoom'],
    [500, 'internal error', 'Transient', 'Http500'],
    [418, 'teapot', 'Internal', 'Http418'],
  ])('%s %s', ([status, reason, of, code]) => {
    expect(refusalOf('GET /version', answer(status, reason))).toMatchObject({ class: of, code });
  });
});

test('the parameter at fault comes first', () => {
  const body = { data: null, errors: { newid: 'VM 100 already exists\n' } };

  expect(refusalOf('POST /clone', answer(400, 'Parameter verification failed.', body)).message).toBe(
    'Proxmox POST /clone: 400 newid: VM 100 already exists; Parameter verification failed.',
  );
});

test('what newer versions say in the body counts for more than the reason phrase', () => {
  const error = refusalOf('GET /nodes', answer(500, 'Internal Server Error', { message: 'VM is locked (clone)\n' }));

  expect(error).toMatchObject({ class: 'Conflict', message: 'Proxmox GET /nodes: 500 VM is locked (clone)' });
});

test('30: an error page of a proxy is not repeated', () => {
  const error = refusalOf('GET /nodes', answer(503, 'Service Unavailable', '<html><body>maintenance</body></html>'));

  expect(error).toMatchObject({ class: 'Transient', message: 'Proxmox GET /nodes: 503 Service Unavailable' });
});

const after = (retryAfter: string) => adviceOn(refusalOf('GET /', { ...answer(429, 'slow'), retryAfter }));

test('a server that says when to come back is heeded, within bounds', () => {
  expect(after('7')).toEqual({ kind: 'after', ms: 7_000 });
  expect(after('99999')).toEqual({ kind: 'after', ms: 600_000 });
  expect(after('soon')).toEqual({ kind: 'after', ms: 1_000 });
});

test('15: a refused token is tried again every minute, since nothing tells when it is put right', () => {
  expect(adviceOn(refusalOf('GET /', answer(401, 'no')))).toEqual({ kind: 'after', ms: 60_000 });
});
