import { describe, expect, test } from 'vitest';
import { type Advice, adviceOn, type ErrorClass, ProviderError } from './errors.ts';

const backoff: Advice = { kind: 'backoff' };
const stop: Advice = { kind: 'stop', newAttempt: false };

describe('what a refusal means for the next try', () => {
  test.for<[ErrorClass, Advice]>([
    ['Transient', backoff],
    ['Conflict', backoff],
    ['Internal', backoff],
    ['Throttled', { kind: 'after', ms: 1_000 }],
    ['NotReady', { kind: 'after', ms: 1_000 }],
    ['Capacity', { kind: 'after', ms: 60_000 }],
    ['Quota', stop],
    ['Invalid', stop],
    ['Unauthorized', stop],
    ['Foreign', { kind: 'stop', newAttempt: true }],
  ])('%s', ([of, advice]) => {
    expect(adviceOn(new ProviderError(of, 'Code', 'said'))).toEqual(advice);
  });
});

test.for<ErrorClass>(['Transient', 'Throttled', 'Unauthorized'])('%s that names a time is heeded', (of) => {
  const error = new ProviderError(of, 'Code', 'said', { retryAfterMs: 7_000 });

  expect(adviceOn(error)).toEqual({ kind: 'after', ms: 7_000 });
});

test('a refusal keeps its cause', () => {
  const cause = new Error('reset');

  expect(new ProviderError('Transient', 'Unreachable', 'no answer', { cause })).toMatchObject({
    cause,
    code: 'Unreachable',
  });
});
