/** No call needs more levels; whoever walks more of them by recursion falls at some depth. */
export const DEEPEST = 64;

/** Is this JSON value nested deeper than that? Looked at level by level. */
export function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    );
  }
  return false;
}
