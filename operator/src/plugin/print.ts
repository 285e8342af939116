import type { Page, Section } from './page.ts';

/** Colours a cell that is one word of ours, and leaves any other text alone. */
export type Paint = (text: string) => string;

const GOOD = new Set(['Ready', 'Active', 'Running', 'Drained', 'Effective', 'Released', 'yes', 'leads']);
const BAD = new Set(['Failed', 'no', 'nobody', 'Lapsed', 'ExceedsMaxQuota', 'IdentityConflict', 'PDBNeverAllows']);
const MOVING = new Set([
  'Pending',
  'Requested',
  'Provisioning',
  'Joining',
  'Draining',
  'Terminating',
  'Releasing',
  'Scaling',
  'Waiting',
  'Restoring',
]);

const colour = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`;
const [RED, GREEN, YELLOW, BOLD] = [colour(31), colour(32), colour(33), colour(1)];

export const inColour: Paint = (text) =>
  GOOD.has(text) ? GREEN(text) : BAD.has(text) ? RED(text) : MOVING.has(text) ? YELLOW(text) : text;
export const plain: Paint = (text) => text;

export function print({ sections }: Page, paint: Paint): string {
  const bold = paint === plain ? plain : BOLD;
  return sections.map((section) => `${linesOf(section, paint, bold).join('\n')}\n`).join('\n');
}

function linesOf(section: Section, paint: Paint, bold: Paint): string[] {
  const title = section.title === undefined ? [] : [bold(section.title)];
  if ('lines' in section) return [...title, ...section.lines];
  return [...title, ...table(section.head, section.rows, paint, bold)];
}

/** Columns two spaces apart, as kubectl prints them; colours take no room. */
function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint, bold: Paint): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[], painted: Paint): string =>
    row
      .map((cell, i) => painted(cell) + ' '.repeat(i === row.length - 1 ? 0 : (widths[i] ?? 0) - cell.length))
      .join('  ')
      .trimEnd();
  return [line(head, bold), ...rows.map((row) => line(row, paint))];
}
