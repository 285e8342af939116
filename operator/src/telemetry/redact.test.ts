import { expect, test } from 'vitest';
import { KubeError } from '../kube/errors.ts';
import { redact } from './redact.ts';

test('values under telling names are hidden, however deep', () => {
  const hidden = '[redacted]';
  const keys = {
    token: 'a',
    nested: { Authorization: 'b', userData: 'c', list: [{ 'user-data': 'd', password: 'e' }] },
    name: 'vm',
  };

  expect(redact(keys)).toEqual({
    token: hidden,
    nested: { Authorization: hidden, userData: hidden, list: [{ 'user-data': hidden, password: hidden }] },
    name: 'vm',
  });
});

test('credentials inside words are hidden, also in errors and their causes', () => {
  const error = new Error('sent Bearer eyJhbGciOiJSUzI1NiJ9.x.y', {
    cause: new Error('PVEAPIToken=cortex@pve!op=123-456'),
  });
  const text = JSON.stringify(redact({ error }));

  expect(text).not.toMatch(/eyJ|123-456/);
  expect(text).toContain('sent Bearer [redacted]');
});

test('an expected error is its reason and status, an unexpected one keeps its stack', () => {
  const expected = new KubeError('GET /x', { status: 404, reason: 'NotFound', message: 'gone' });

  expect(redact(expected)).toEqual({
    name: 'KubeError',
    message: 'GET /x: 404 NotFound: gone',
    reason: 'NotFound',
    status: 404,
  });
  expect(redact(new TypeError('oops'))).toMatchObject({
    name: 'TypeError',
    stack: expect.stringContaining('redact.test'),
  });
});

test('what refers to itself ends somewhere', () => {
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;

  expect(JSON.stringify(redact(loop))).toContain('[deep]');
});
