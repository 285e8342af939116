import { describe, expect, test } from 'vitest';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/errors.ts';
import { removePod } from './evict.ts';

const pod = { namespace: 'team', name: 'web', uid: 'u-1' };

function refusing(error: unknown): KubeClient {
  const refuse = async (): Promise<never> => {
    throw error;
  };
  return { evict: refuse, delete: refuse } as unknown as KubeClient;
}

const said = (status: number, reason: string, more: { message?: string; cause?: string; retryAfterMs?: number } = {}) =>
  new KubeError('POST eviction', {
    status,
    reason,
    message: more.message ?? '',
    retryAfterMs: more.retryAfterMs,
    ...(more.cause === undefined ? {} : { details: { causes: [{ reason: more.cause, message: 'needs 2, has 2' }] } }),
  });

const answer = async (error: KubeError) => await removePod(refusing(error), { kind: 'Evict', pod });

describe('D8: a pod is removed by its UID', () => {
  test('an eviction and a deletion carry it', async () => {
    const calls: unknown[] = [];
    const client = {
      evict: async (asked: unknown) => void calls.push(asked),
      delete: async (_type: unknown, key: string, options: unknown) => void calls.push([key, options]),
    } as unknown as KubeClient;

    await removePod(client, { kind: 'Evict', pod });
    await removePod(client, { kind: 'Delete', pod, gracePeriodSeconds: 7 });
    expect(calls).toEqual([pod, ['team/web', { uid: 'u-1', gracePeriodSeconds: 7 }]]);
  });

  test('another pod of that name is not it', async () => {
    expect(await answer(said(409, 'Conflict'))).toEqual({ kind: 'Gone' });
  });
});

describe('D9: what the API server answers', () => {
  test.for([
    ['gone', said(404, 'NotFound'), { kind: 'Gone' }],
    [
      'a budget that does not allow it',
      said(429, 'TooManyRequests', { cause: 'DisruptionBudget' }),
      { kind: 'Refused', by: 'Budget', message: 'needs 2, has 2' },
    ],
    [
      'too many requests',
      said(429, 'TooManyRequests', { retryAfterMs: 4_000 }),
      { kind: 'Throttled', retryAfterMs: 4_000 },
    ],
    [
      'a namespace that ends',
      said(403, 'Forbidden', { cause: 'NamespaceTerminating' }),
      { kind: 'Refused', by: 'Server', message: 'its namespace is being deleted, which ends it' },
    ],
    [
      'two budgets',
      said(500, 'InternalError', {
        message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      }),
      {
        kind: 'Refused',
        by: 'Budgets',
        message: 'more than one PodDisruptionBudget covers it, which the eviction API refuses; let one be enough',
      },
    ],
    [
      'a request it does not take',
      said(422, 'Invalid', { message: 'grace' }),
      { kind: 'Refused', by: 'Server', message: 'POST eviction: 422 Invalid: grace' },
    ],
  ] as const)('%s', async ([, error, expected]) => {
    expect(await answer(error)).toEqual(expected);
  });

  test.for([said(503, 'ServiceUnavailable'), said(0, 'Unreachable'), said(500, 'InternalError')])(
    'trouble of its own is tried again with backoff: %o',
    async (error) => {
      await expect(answer(error)).rejects.toBe(error);
    },
  );
});
