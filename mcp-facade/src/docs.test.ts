import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAILURE_CODES } from './failures.ts';
import { grantsOf, PROFILES } from './profiles.ts';
import type { Access } from './tool.ts';
import { TOOLS } from './tools/all.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/facade.md'), 'utf8');

/** The cells of all rows that begin with a name in code, of the table below this heading. */
const rowsBelow = (heading: string): string[][] => {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => cells.slice(1, -1));
};

/** The first profile that shows what needs this access. */
const first = (access: Access) => PROFILES.find((profile) => grantsOf(profile).includes(access));

test('the page lists every tool, with the first profile that shows it', () => {
  expect(rowsBelow('Tools and profiles').map(([tool, profile]) => [tool, profile])).toEqual(
    TOOLS.map(({ name, access }) => [name, first(access)]),
  );
});

test('the page says that a stop by force takes profile admin, as it does', () => {
  const stop = TOOLS.find(({ name }) => name === 'stop_mcp');
  const [, , words = ''] = rowsBelow('Tools and profiles').find(([tool]) => tool === 'stop_mcp') ?? [];

  expect(stop?.prepare({ name: 'a', force: true }).access).toBe('destroy');
  expect(words).toContain('force: true also against Allocations that need it, which takes profile admin');
});

test('the page lists every code of an error, and no other', () => {
  const codes = rowsBelow('Results and errors').map(([code = '']) => code);

  expect(codes.toSorted()).toEqual([...FAILURE_CODES].toSorted());
});
