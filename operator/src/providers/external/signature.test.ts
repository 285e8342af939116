import { expect, test } from 'vitest';
import { isSigned, signatureOf } from './signature.ts';

const now = new Date('2026-01-01T10:00:00Z');
const at = now.getTime() / 1000;
const request = { method: 'PUT', path: '/v1/clusters/c/machines/w', body: '{"name":"w"}' };
const signed = signatureOf('key', { ...request, at });

test('a request is taken as it was signed, for five minutes', () => {
  expect(isSigned('key', signed, request, now)).toBe(true);
  expect(isSigned('key', signed, request, new Date(now.getTime() + 300_000))).toBe(true);
  expect(isSigned('key', signed, request, new Date(now.getTime() + 301_000))).toBe(false);
  expect(isSigned('key', signed, request, new Date(now.getTime() - 301_000))).toBe(false);
});

test.for<[string, string, typeof request]>([
  ['another key', signatureOf('other', { ...request, at }), request],
  ['another body', signed, { ...request, body: '{"name":"v"}' }],
  ['another path', signed, { ...request, path: '/v1/clusters/c/machines/v' }],
  ['another verb', signed, { ...request, method: 'DELETE' }],
  ['another moment', signed.replace(String(at), String(at + 1)), request],
  ['no signature', '', request],
  ['half a signature', signed.slice(0, -1), request],
])('%s is refused', ([, header, sent]) => {
  expect(isSigned('key', header, sent, now)).toBe(false);
});

test('the signature of the page for authors is this one', () => {
  expect(signatureOf('key', { method: 'GET', path: '/v1/check', at: 1_767_261_600, body: '' })).toMatch(
    /^t=1767261600,v1=[0-9a-f]{64}$/,
  );
});
