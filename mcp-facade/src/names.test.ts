import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { digest, requestName } from './names.ts';

const request = { principal: 'alice', tool: 'request_resources', key: 'retry-me-1' };

test('the same key of the same principal for the same tool is the same name; any other is another', () => {
  expect(requestName('alloc-', request)).toBe(requestName('alloc-', { ...request }));
  expect(requestName('alloc-', request)).toMatch(/^alloc-[0-9a-f]{12}$/);
  for (const other of [{ principal: 'bob' }, { tool: 'provision_workers' }, { key: 'retry-me-2' }])
    expect(requestName('alloc-', { ...request, ...other })).not.toBe(requestName('alloc-', request));
});

test('without a key every name is new', () => {
  const names = Array.from({ length: 100 }, () => requestName('alloc-', { ...request, key: undefined }));
  expect(new Set(names).size).toBe(100);
});

test('a digest knows values and not the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const turned = Object.fromEntries(Object.entries(object).toReversed());
      expect(digest(turned)).toBe(digest(object));
    }),
  );
  expect(digest(['a', 'b'])).not.toBe(digest(['ab']));
  expect(digest({ a: 1 })).not.toBe(digest({ a: '1' }));
  expect(digest({ a: undefined })).toBe(digest({}));
});
