import { expect, test } from 'vitest';
import { clean, cleanMap } from './text.ts';

test('text from the cluster is one line without anything that steers a terminal or turns the reading', () => {
  expect(clean('a\u0000b\nc\u001B[31md')).toBe('a b c [31md');
  expect(clean('safe\u202Etxet\u200B')).toBe('safe txet ');
  expect(clean('naïve 日本 🙂')).toBe('naïve 日本 🙂');
});

test('text is cut, and says so', () => {
  expect(clean('x'.repeat(5000))).toHaveLength(1024);
  expect(clean('x'.repeat(5000), 10)).toBe('xxxxxxxxx…');
});

test('labels and annotations are cleaned, keys too', () => {
  expect(cleanMap({ 'a\nb': 'c\td', long: 'y'.repeat(300) })).toEqual({ 'a b': 'c d', long: `${'y'.repeat(255)}…` });
  expect(cleanMap(undefined)).toEqual({});
});
