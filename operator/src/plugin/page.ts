/** What a verb answers: `data` for machines, the rest for people. */
export interface Page {
  readonly data: unknown;
  readonly sections: readonly Section[];
}

export type Section =
  | { readonly title?: string; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly title?: string; readonly lines: readonly string[] };
