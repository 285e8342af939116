import { describe, expect, test } from 'vitest';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/errors.ts';
import { removePod, retryDelayMs } from './evict.ts';

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
      { kind: 'Refused', reason: 'A PodDisruptionBudget does not allow it: needs 2, has 2' },
    ],
    [
      'too many requests',
      said(429, 'TooManyRequests', { retryAfterMs: 4_000 }),
      { kind: 'Refused', reason: 'The API server asks for patience', retryAfterMs: 4_000 },
    ],
    [
      'a namespace that ends',
      said(403, 'Forbidden', { cause: 'NamespaceTerminating' }),
      { kind: 'Refused', reason: 'Its namespace is being deleted' },
    ],
    [
      'two budgets',
      said(500, 'InternalError', {
        message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      }),
      { kind: 'Refused', reason: 'More than one PodDisruptionBudget covers it, which the eviction API refuses' },
    ],
    [
      'a request it does not take',
      said(422, 'Invalid', { message: 'grace' }),
      { kind: 'Refused', reason: 'POST eviction: 422 Invalid: grace' },
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

const delays = (uid: string) => [0, 1, 2, 3, 4, 5, 20].map((refusals) => retryDelayMs(refusals, uid));

test('D10: tries part from one second to thirty, and a herd parts', () => {
  for (const uid of ['a-0000', 'a-ffff', 'no hex']) {
    for (const [i, delay] of delays(uid).entries()) {
      expect(delay).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** i, 30_000) / 2);
      expect(delay).toBeLessThanOrEqual(30_000);
    }
  }
  expect(delays('a-0000')).not.toEqual(delays('a-ffff'));
});
