import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifest } from './manifest.ts';

test('words that YAML 1.1 takes for something else stay words', () => {
  const document = { enum: ['n', 'y', 'on', 'off', 'yes', 'No', '1:30', '0o7', '010', '1_000', '~', '='] };

  expect(parse(manifest(document), { version: '1.1' })).toEqual(document);
});

test('what is there twice is written twice, without anchors', () => {
  const shared = { type: 'string' };

  expect(manifest({ a: shared, b: shared })).not.toMatch(/[&*]/);
});
