import { anchorOf, type Measured, spreadOf } from './measured.ts';
import { median, rounded } from './statistics.ts';

const HEAD = ['id', 'what', 'median (min–max)', '% of B0', 'target', '', 'others'];

/** All figures of a run with what they are held against. */
export function table(figures: readonly Measured[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(measured: Measured): string[] {
  const { id, what, unit, values, percentOfB0 } = measured;
  const { target, peers } = anchorOf(measured);
  const [low, high] = spreadOf(values);
  return [
    id,
    what,
    `${rounded(median(values))} (${low}–${high}) ${unit}`,
    percentOfB0 === undefined ? '' : `${rounded(median(percentOfB0))} %`,
    target?.text ?? '',
    target === undefined ? '' : target.met(measured) ? 'met' : 'missed',
    peers ?? '',
  ];
}
