const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A length of time in at most two units, as kubectl prints ages: 3m20s, 2h, 4d. */
export function age(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000));
  const parts = UNITS.flatMap(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.slice(0, 2).join('') || '0s';
}
