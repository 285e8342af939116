const MOST = 5;

/** Up to five of these names that somebody may have meant, the nearest first. */
export function near(wanted: string, names: readonly string[]): string[] {
  const scored = [...new Set(names)].map((name) => ({ name, distance: distanceOf(wanted, name) }));
  return scored
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(Math.max(wanted.length, name.length) / 3)))
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** A name that holds the other is near whatever its length. */
function distanceOf(wanted: string, name: string): number {
  if (wanted !== '' && (name.includes(wanted) || wanted.includes(name))) return 1;
  return edits(wanted.slice(0, 253), name);
}

/** Levenshtein distance, row by row. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++)
      next.push(Math.min((row[j] ?? 0) + (from[i] === to[j] ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The same, for the data of a failure: no key where nothing is near. */
export const meant = (wanted: string, names: readonly string[]): { near?: string[] } => {
  const found = near(wanted, names);
  return found.length === 0 ? {} : { near: found };
};
