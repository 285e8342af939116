import { expect, test } from 'vitest';
import { hasCause, isAlreadyExists, isConflict, isTooManyRequests, isTransient, isUnanswered } from './errors.ts';
import { fromFrame, refused, unanswered } from './refusal.ts';

const budget = JSON.stringify({
  kind: 'Status',
  reason: 'TooManyRequests',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  details: { causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 1 healthy pods' }] },
});

test('D9: a refusal by a disruption budget is told apart from a busy server by its cause', () => {
  const byBudget = refused('POST /x', 429, undefined, budget);
  const busy = refused('POST /x', 429, '1', '{"reason":"TooManyRequests","message":"storage is (re)initializing"}');

  expect([isTooManyRequests(byBudget), hasCause(byBudget, 'DisruptionBudget')]).toEqual([true, true]);
  expect([isTooManyRequests(busy), hasCause(busy, 'DisruptionBudget')]).toEqual([true, false]);
  expect(busy.retryAfterMs).toBe(1000);
});

test('a taken name and a lost race are both 409 and not the same', () => {
  const taken = refused('POST /x', 409, undefined, '{"reason":"AlreadyExists"}');
  const lost = refused('PUT /x', 409, undefined, '{"reason":"Conflict"}');

  expect([isAlreadyExists(taken), isConflict(taken)]).toEqual([true, false]);
  expect([isAlreadyExists(lost), isConflict(lost)]).toEqual([false, true]);
});

test('the message names the call, the status and what the server said', () => {
  expect(
    refused('GET /api/v1/pods/a', 404, undefined, '{"reason":"NotFound","message":"pods \\"a\\" not found"}').message,
  ).toBe('GET /api/v1/pods/a: 404 NotFound: pods "a" not found');
});

test('an answer that is no Status is quoted in part', () => {
  const error = refused('GET /x', 502, undefined, `<html>${'x'.repeat(1000)}`);

  expect(error.reason).toBe('Unknown');
  expect(error.message).toMatch(/^GET \/x: 502 Unknown: <html>x{194}$/);
});

test('an ERROR frame carries its code inside a 200', () => {
  const error = fromFrame('WATCH /x', { code: 410, reason: 'Expired', message: 'too old resource version: 1 (215)' });

  expect([error.status, error.reason]).toEqual([410, 'Expired']);
});

test('without an answer nobody knows whether the call happened', () => {
  const error = unanswered('PUT /x', 'Unreachable', Object.assign(new Error('reset'), { code: 'ECONNRESET' }));

  expect([isUnanswered(error), isTransient(error)]).toEqual([true, true]);
  expect(error.message).toBe('PUT /x: Unreachable: ECONNRESET reset');
});
