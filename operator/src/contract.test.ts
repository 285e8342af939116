import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** How many numbers each letter of the contract has, and those of them that nothing is built for yet. */
const LINES = { D: 22, S: 12, T: 10, C: 9, A: 14 } as const;
const NOT_BUILT = new Set(['D16', 'D21', 'T5']);

const NAMED = /\b[DSTCA]\d{1,2}\b/g;
/** The first words of tests, groups of them, and rows of their tables. */
const TITLE = /(?:(?:test|describe)[^'"`\n]*\(\s*|^\s*\[?)(?<quote>['"`])(?<title>[^\n]*?)\k<quote>/gm;

/** The numbers that a title names. */
function named(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(TITLE)].flatMap(({ groups }) => groups?.['title']?.match(NAMED) ?? []);
}

test('every line of the contract has a test that is named after it', () => {
  const files = globSync(['operator/src/**/*.test.ts', 'e2e/src/**/*.test.ts'], { cwd: ROOT });
  const tested = new Set(files.flatMap(named));
  const lines = Object.entries(LINES).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
  );

  expect(lines.filter((line) => !tested.has(line) && !NOT_BUILT.has(line))).toEqual([]);
});
