import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The promises of the suite by their numbers, each in the words of docs/providers/contract.md. */
const DOCS = readFileSync(`${import.meta.dirname}/../../../docs/providers/contract.md`, 'utf8');
const ROWS = [...DOCS.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));

const numbersIn = (text: string): number[] =>
  [
    ...text.matchAll(/(?:title: |test(?:\.\w+\([^)]*\))?\(\s*|describe(?:\.\w+\([^)]*\))?\(\s*)['"`](\d[\d, ]*):/g),
  ].flatMap(([, numbers = '']) => numbers.split(',').map(Number));

const tested = new Set(
  globSync(['**/*.test.ts', 'contract/*.ts'], { cwd: import.meta.dirname, exclude: ['contract.test.ts'] }).flatMap(
    (file) => numbersIn(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
  ),
);

describe('the suite', () => {
  test('has thirty-five promises of every provider, and two of those with processes', () => {
    expect(ROWS).toEqual(Array.from({ length: 37 }, (_, at) => at + 1));
  });

  test('has a test of each, by its number', () => {
    expect(ROWS.filter((number) => !tested.has(number))).toEqual([]);
  });
});
