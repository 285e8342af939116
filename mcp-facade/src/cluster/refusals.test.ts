import { Allocations } from '@cortex/crds';
import { expect, test } from 'vitest';
import { ClusterError, clusterFailure } from '../cluster-error.ts';
import { translated } from './refusals.ts';

const refusal = (status: number, reason: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { status, reason, ...more });

const asked = { verb: 'create', type: Allocations, key: 'jobs/a' } as const;

test.for([
  [404, 'NotFound', 'namespaces "jobs" not found', 'not_found', 'Namespace jobs not found'],
  [
    404,
    'NotFound',
    'the server could not find the requested resource',
    'unavailable',
    'The cluster does not know allocations.cortex.automation: install the CRDs with kubectl apply --server-side -f crds/',
  ],
  [409, 'AlreadyExists', 'x', 'already_exists', 'Allocation jobs/a exists already'],
  [409, 'Conflict', 'x', 'conflict', 'Allocation jobs/a has changed meanwhile'],
  [
    403,
    'Forbidden',
    'User "u" cannot create',
    'forbidden',
    'The cluster does not let the facade create allocations.cortex.automation',
  ],
  [401, 'Unauthorized', 'x', 'unavailable', 'The API server does not accept the credentials of the facade'],
  [429, 'TooManyRequests', 'x', 'unavailable', 'The API server asks for fewer calls'],
  [503, 'ServiceUnavailable', 'etcd leader at 10.0.0.1 lost', 'unavailable', 'The API server is in trouble (HTTP 503)'],
  [0, 'Timeout', 'x', 'unavailable', 'The API server did not answer in time; what was asked may have happened'],
  [0, 'Unreachable', 'connect ECONNREFUSED 10.0.0.1:6443', 'unavailable', 'The API server cannot be reached'],
] as const)('a refusal with %i %s (%s) is %s in words of ours', ([status, reason, message, trouble, said]) => {
  expect(translated(refusal(status, reason, message), asked)).toMatchObject({ trouble, message: said });
});

test('a broken rule is told by its own message, without the value the API server quotes', () => {
  const causes = [
    { field: 'spec', message: 'Invalid value: "object": ttl must not be longer than maxLifetime: lower ttl' },
    {
      field: 'spec.workers.count',
      message: 'Invalid value: 101: spec.workers.count in body should be less than or equal to 100',
    },
  ];
  expect(
    translated(refusal(422, 'Invalid', 'Allocation "a" is invalid: …', { details: { causes } }), asked).message,
  ).toBe(
    'spec: ttl must not be longer than maxLifetime: lower ttl; spec.workers.count: spec.workers.count in body should be less than or equal to 100',
  );
});

test('what the API server asks to wait reaches the caller in seconds', () => {
  const busy = translated(refusal(429, 'TooManyRequests', 'x', { retryAfterMs: 1200 }), asked);
  expect(clusterFailure(busy).details).toMatchObject({ retryAfterSeconds: 2 });
});

test('what is no refusal says nothing of its inside', () => {
  expect(translated(new TypeError('x is not a function'), asked).message).toBe('The cluster could not be asked');
  const own = new ClusterError('conflict', 'mine');
  expect(translated(own, asked)).toBe(own);
});
