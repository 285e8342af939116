/** Not inside a regular expression, which bundlers leave as it is: one letter beyond ASCII doubles what a program's text takes of memory. */
const MICROSECONDS = 'µs';
const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, [MICROSECONDS]: 1e-3, ns: 1e-6 } as const;

/**
 * Durations as Go and CEL read them, without sign: `90m`, `1h30m`, `1.5h`, `500ms`. RE2. The digits are few enough that 32
 * characters stay within Go's 2,562,047 hours and within the dates of JavaScript.
 */
export const DURATION = new RegExp(
  `^([0-9]{1,5}(\\.[0-9]{1,9})?h|[0-9]{1,7}(\\.[0-9]{1,9})?m|[0-9]{1,9}(\\.[0-9]{1,9})?(s|ms|us|${MICROSECONDS}|ns))+$`,
);
const PARTS = new RegExp(`([0-9]+(?:\\.[0-9]+)?)(ns|us|${MICROSECONDS}|ms|s|m|h)`, 'g');

/** Milliseconds of a Go duration. Throws RangeError for anything else. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`"${text}" is not a duration such as 90s, 1h30m or 1.5h`);
  const parts = text.matchAll(PARTS);
  let total = 0;
  for (const [, amount, unit] of parts) total += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return total;
}

/** The shortest Go duration of whole seconds: `1h30m`, `45s`; `0s` for less than one. */
export function formatDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  const parts = [
    [Math.trunc(seconds / 3600), 'h'],
    [Math.trunc((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount}${unit}`)
      .join('') || '0s'
  );
}
