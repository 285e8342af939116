import { Failure } from './failures.ts';

export interface Page<T> {
  readonly items: T[];
  /** Null: this was the last page. */
  readonly next_cursor: string | null;
}

/**
 * A page of a list in the order of `placeOf`: what comes after the place that the cursor holds. Nothing is kept between
 * calls, and what is created or deleted meanwhile moves nothing from one page to another.
 */
export function page<T>(
  objects: readonly T[],
  placeOf: (object: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<T> {
  const after = cursor === undefined ? '' : decode(cursor);
  const rest = objects
    .map((object) => ({ object, place: placeOf(object) }))
    .filter(({ place }) => place > after)
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ object }) => object),
    next_cursor: last === undefined || rest.length === shown.length ? null : encode(last.place),
  };
}

const VERSION = 'v1:';

const encode = (place: string): string => Buffer.from(`${VERSION}${place}`).toString('base64url');

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (text.startsWith(VERSION)) return text.slice(VERSION.length);
  throw new Failure('invalid', 'cursor: is none that this tool has returned', {
    nextStep: 'Repeat the call without cursor for the first page.',
  });
}
