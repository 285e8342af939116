/**
 * Order of two resourceVersions of one kind: they are decimal integers that may exceed what a number holds.
 * Upstream declares them comparable since 1.35 (KEP-5504).
 */
export const isNewer = (a: string, than: string): boolean =>
  a.length === than.length ? a > than : a.length > than.length;
