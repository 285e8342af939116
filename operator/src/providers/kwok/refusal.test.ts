import { describe, expect, test } from 'vitest';
import { KubeError } from '../../kube/errors.ts';
import { adviceOn, type ErrorClass } from '../errors.ts';
import { providerError } from './refusal.ts';

const refusal = (
  status: number,
  reason: string,
  more: { message?: string; retryAfterMs?: number; cause?: string } = {},
) =>
  new KubeError('POST /leases', {
    status,
    reason,
    message: more.message ?? '',
    retryAfterMs: more.retryAfterMs,
    details: more.cause === undefined ? undefined : { causes: [{ reason: more.cause }] },
  });

describe('30: what a refusal of the API server means', () => {
  test.for<[string, KubeError, ErrorClass]>([
    ['no answer', refusal(0, 'Timeout'), 'Transient'],
    ['an answer that is no JSON', refusal(0, 'MalformedAnswer'), 'Transient'],
    ['a failing server', refusal(500, 'InternalError'), 'Transient'],
    ['an overloaded server', refusal(429, 'TooManyRequests'), 'Throttled'],
    ['a changed object', refusal(409, 'Conflict'), 'Conflict'],
    ['an expired token', refusal(401, 'Unauthorized'), 'Unauthorized'],
    ['a missing right', refusal(403, 'Forbidden', { message: 'cannot create leases' }), 'Unauthorized'],
    ['a used-up quota', refusal(403, 'Forbidden', { message: 'exceeded quota: leases' }), 'Quota'],
    ['a namespace on its way out', refusal(403, 'Forbidden', { cause: 'NamespaceTerminating' }), 'NotReady'],
    ['a missing namespace', refusal(404, 'NotFound'), 'NotReady'],
    ['a label that is none', refusal(422, 'Invalid'), 'Invalid'],
    ['an odd answer', refusal(418, 'Unknown'), 'Internal'],
  ])('%s', ([, error, of]) => {
    expect(providerError(error)).toMatchObject({ class: of, code: error.reason, cause: error });
  });
});

test('a server that says when to come back is heeded', () => {
  const error = providerError(refusal(429, 'TooManyRequests', { retryAfterMs: 3_000 }));

  expect(adviceOn(error)).toEqual({ kind: 'after', ms: 3_000 });
});

test('15: rights that are missing are looked for again, since nothing tells when they are granted', () => {
  expect(adviceOn(providerError(refusal(403, 'Forbidden')))).toEqual({ kind: 'after', ms: 60_000 });
});

test('what is no refusal of the API server says nothing of itself', () => {
  expect(providerError(new Error('token abc'))).toMatchObject({ class: 'Internal', code: 'Unexpected' });
  expect(providerError(new Error('token abc')).message).not.toContain('abc');
});
